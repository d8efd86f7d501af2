# The door: weir and its commands.
bin_PROGRAMS += weir
weir_SOURCES = \
	runtime/cli/check.c \
	runtime/cli/command.h runtime/cli/commands.c \
	runtime/cli/graph.c \
	runtime/cli/load.c runtime/cli/load.h \
	runtime/cli/main.c \
	runtime/cli/oneliner.c runtime/cli/oneliner.h \
	runtime/cli/plugins.c \
	runtime/cli/progress.c runtime/cli/progress.h \
	runtime/cli/run.c
weir_LDADD = libweir.la
