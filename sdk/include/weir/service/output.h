/* output.h - what an output can tell the host about a delivery. */
#ifndef WEIR_SERVICE_OUTPUT_H
#define WEIR_SERVICE_OUTPUT_H

#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_OUTPUT "weir.output/1"

typedef struct weir_output_service {
	uint32_t size;
	uint32_t zero;
	/* [P] before returning E_RETRY: not sooner than this many ns, as the
	 * target asked for. */
	void (*retry_after)(const weir_host *, int64_t ns);
} weir_output_service;

WEIR_END
#endif
