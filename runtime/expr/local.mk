# runtime/expr/local.mk - the sources of expr/: libweir_la_SOURCES += runtime/expr/x.c runtime/expr/x.h
