# runtime/config/local.mk - from a file to a tree; the only room that knows
# libconfig.
libweir_la_SOURCES += \
	runtime/config/expand.c runtime/config/expand.h \
	runtime/config/grammar.c runtime/config/grammar.h \
	runtime/config/load.c runtime/config/load.h \
	runtime/config/source.c runtime/config/source.h \
	runtime/config/spec.c runtime/config/spec.h \
	runtime/config/token.c runtime/config/token.h
