/* progress.c - a line that shows how far a bounded run is, and the summary. */
#include "cli/progress.h"
#include "base/log.h"
#include "base/str.h"
#include "base/units.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct progress *progress_live; /* the one that log lines step around */

void progress_clear(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = 0;
}

static void progress_before(void)
{
	progress_clear(progress_live);
}

void progress_init(struct progress *p, int quiet)
{
	*p = (struct progress){.on = !quiet && isatty(2)};
	if (!p->on)
		return;
	progress_live = p;
	log_set_around(progress_before, NULL);
}

static void progress_rate(struct progress *p, uint64_t records, int64_t now)
{
	double passed = (double)(now - p->at) / 1e9, rate;

	if (p->at && passed > 0) {
		rate = (double)(records - p->records) / passed;
		p->rate = p->rate > 0 ? 0.7 * p->rate + 0.3 * rate : rate;
	}
	p->records = records;
	p->at = now;
}

static void progress_bar(struct str *to, uint64_t done, uint64_t total)
{
	unsigned full = (unsigned)((double)done / (double)total * 20 + 0.5);

	str_putc(to, '[');
	for (unsigned i = 0; i < 20; i++)
		str_puts(to, i < full ? "=" : i == full ? ">" : " ");
	str_printf(to, "] %3.0f%%", 100.0 * (double)done / (double)total);
}

void progress_turn(void *arg, struct pipeline *pl)
{
	struct progress *p = arg;
	int64_t now = world_mono(pl->world);
	struct pipeline_sum sum;
	uint64_t done, total;
	struct str line = {0};
	char a[32], b[32], c[32];

	if (!p->on || now < p->next ||
	    !flow_progress(pl->flow, &done, &total) || !total)
		return;
	p->next = now + 200 * MSEC;
	pipeline_sum(pl, &sum);
	progress_rate(p, sum.in_records, now);
	if (done > total)
		done = total;
	progress_bar(&line, done, total);
	str_printf(&line, "  %s of %s  %s records/s",
		   units_say_size(done, a, sizeof(a)),
		   units_say_size(total, b, sizeof(b)),
		   units_say_count((uint64_t)p->rate, c, sizeof(c)));
	if (done && sum.ns > SEC)
		str_printf(&line, "  %s left",
			   units_say_duration((int64_t)((double)sum.ns *
							(double)(total - done) /
							(double)done),
					      a, sizeof(a)));
	fprintf(stderr, "\r\033[K%s", str_get(&line));
	fflush(stderr);
	p->shown = 1;
	str_fini(&line);
}

static void progress_json(struct pipeline *pl, const struct pipeline_sum *s)
{
	struct str to = {0};

	str_puts(&to, "{\"pipeline\":");
	str_json(&to, pl->graph->name, strlen(pl->graph->name));
	str_printf(&to,
		   ",\"in_records\":%llu,\"in_bytes\":%llu,\"out_records\":%llu"
		   ",\"out_bytes\":%llu,\"dropped_records\":%llu,"
		   "\"refused_records\":%llu,\"unkept_records\":%llu,"
		   "\"unrouted_records\":%llu,\"retries\":%llu,"
		   "\"seconds\":%.6f,\"peak_bytes\":%lld,\"stages\":[",
		   (unsigned long long)s->in_records,
		   (unsigned long long)s->in_bytes,
		   (unsigned long long)s->out_records,
		   (unsigned long long)s->out_bytes,
		   (unsigned long long)s->dropped,
		   (unsigned long long)s->refused,
		   (unsigned long long)s->unkept,
		   (unsigned long long)s->unrouted,
		   (unsigned long long)s->retries, (double)s->ns / 1e9,
		   (long long)s->peak_bytes);
	for (unsigned i = 0; i < pl->graph->n_stages; i++) {
		const struct stage *st = pl->graph->stages[i];
		uint64_t c[CELLS_N];

		flow_cells(pl->flow, st, c);
		str_printf(&to, "%s{\"stage\":", i ? "," : "");
		str_json(&to, st->name, strlen(st->name));
		str_printf(&to, ",\"kind\":\"%s\",\"plugin\":\"%s\"",
			   graph_kind_say(st->kind), st->desc->name);
		for (unsigned k = 0; k < CELLS_N; k++)
			str_printf(&to, ",\"%s\":%llu", cells_info[k].name,
				   (unsigned long long)c[k]);
		str_putc(&to, '}');
	}
	str_puts(&to, "]}");
	fprintf(stderr, "%s\n", str_get(&to));
	str_fini(&to);
}

/* Where records stayed behind, stage by stage. */
static void progress_losses(struct pipeline *pl)
{
	for (unsigned i = 0; i < pl->graph->n_stages; i++) {
		const struct stage *s = pl->graph->stages[i];
		uint64_t c[CELLS_N];
		char n[32];

		flow_cells(pl->flow, s, c);
		if (c[CELL_refused_records])
			fprintf(stderr, "  %s refused %s%s\n", s->name,
				units_say_count(c[CELL_refused_records], n,
						sizeof(n)),
				c[CELL_unkept_records] ?
					" (not kept: connect its errors port)" :
					"");
		if (c[CELL_unrouted_records])
			fprintf(stderr, "  %s sent %s where nothing is "
					"connected\n",
				s->name,
				units_say_count(c[CELL_unrouted_records], n,
						sizeof(n)));
	}
}

void progress_summary(struct pipeline *pl, int json)
{
	struct pipeline_sum s;
	char in[32], out[32], refused[32], took[32];
	double seconds;

	pipeline_sum(pl, &s);
	if (json) {
		progress_json(pl, &s);
		return;
	}
	seconds = (double)s.ns / 1e9;
	fprintf(stderr,
		"%s: %s in, %s out, %s refused, %.1f MB/s, %s\n",
		pl->graph->name, units_say_count(s.in_records, in, sizeof(in)),
		units_say_count(s.out_records, out, sizeof(out)),
		units_say_count(s.refused, refused, sizeof(refused)),
		seconds > 0 ? (double)s.in_bytes / 1e6 / seconds : 0,
		units_say_duration(s.ns, took, sizeof(took)));
	progress_losses(pl);
}
