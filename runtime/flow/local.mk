# What runs: ring, door, inputs, lanes, outputs.
libweir_la_SOURCES += \
	runtime/flow/backoff.c runtime/flow/backoff.h \
	runtime/flow/dead_letter.c runtime/flow/dead_letter.h \
	runtime/flow/delivery.c runtime/flow/delivery.h \
	runtime/flow/door.c runtime/flow/door.h \
	runtime/flow/exchange.c runtime/flow/exchange.h \
	runtime/flow/flow.c runtime/flow/flow.h \
	runtime/flow/input.c runtime/flow/input.h \
	runtime/flow/lane.c runtime/flow/lane.h \
	runtime/flow/output.c runtime/flow/output.h \
	runtime/flow/positions.c runtime/flow/positions.h \
	runtime/flow/reactor.c runtime/flow/reactor.h \
	runtime/flow/ring.c runtime/flow/ring.h \
	runtime/flow/segment.c runtime/flow/segment.h \
	runtime/flow/state.c runtime/flow/state.h
