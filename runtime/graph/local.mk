# What leads where: stages, edges, groups, pictures.
libweir_la_SOURCES += \
	runtime/graph/build.c runtime/graph/build.h runtime/graph/graph.h \
	runtime/graph/check.c \
	runtime/graph/common.c runtime/graph/common.h \
	runtime/graph/picture.c runtime/graph/picture.h \
	runtime/graph/plan.c runtime/graph/plan.h \
	runtime/graph/plan_say.c \
	runtime/graph/wire.c
