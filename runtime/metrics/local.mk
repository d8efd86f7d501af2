# What is counted.
libweir_la_SOURCES += runtime/metrics/cells.c runtime/metrics/cells.h
