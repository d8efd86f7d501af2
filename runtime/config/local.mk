# From a file to a tree; the only room that knows libconfig.
libweir_la_SOURCES += \
	runtime/config/expand.c runtime/config/expand.h \
	runtime/config/load.c \
	runtime/config/source.c runtime/config/source.h \
	runtime/config/spec.c runtime/config/spec.h
