/* loop.h - waiting is the host's: fds, timers and tasks are asked for with a
 * cookie and come back through ability/loop.h. Inputs and outputs. */
#ifndef WEIR_SERVICE_LOOP_H
#define WEIR_SERVICE_LOOP_H

#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_LOOP "weir.loop/1"

#define WEIR_IO_READ 1u
#define WEIR_IO_WRITE 2u
#define WEIR_IO_HUP 4u /* reported only */

typedef struct weir_loop {
	uint32_t size;
	uint32_t zero;
	/* [P] or start(): call on_timer(cookie) after `after_ns`, then every
	 * `every_ns` (0 = once). Both 0: cancel. One timer per cookie. */
	weir_rc (*timer)(const weir_host *, uint64_t cookie, uint64_t after_ns,
			 uint64_t every_ns);
	/* [P] or start(): call on_io(cookie, events) while the fd is ready;
	 * events 0 = stop. E_UNSUP: the kernel does not watch this kind of
	 * file, it is always ready. Stop watching before you close the fd. */
	weir_rc (*watch)(const weir_host *, uint64_t cookie, int32_t fd,
			 uint32_t events);
	/* [any] Nanoseconds on a clock that never goes back, for durations
	 * inside inputs and outputs. Not for records: they carry their time. */
	int64_t (*clock)(const weir_host *);
} weir_loop;

WEIR_END
#endif
