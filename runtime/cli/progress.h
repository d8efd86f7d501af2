/* progress.h - a line that shows how far a bounded run is, and the summary. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "control/pipeline.h"

struct progress {
	int on;           /* stderr is a terminal */
	int shown;        /* the line is on the screen */
	int64_t next;     /* monotonic ns */
	uint64_t records; /* at the last turn, for the rate */
	int64_t at;
	double rate;      /* records/s, smoothed */
};

void progress_init(struct progress *p, int quiet);
/* For pipeline_run(). */
void progress_turn(void *progress, struct pipeline *pl);
void progress_clear(struct progress *p);

/* In, out, refused, MB/s, time; and a line for each stage that refused or
 * dropped something unasked. */
void progress_summary(struct pipeline *pl, int json);

#endif
