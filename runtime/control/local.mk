# The life of a pipeline.
libweir_la_SOURCES += runtime/control/pipeline.c runtime/control/pipeline.h
