# runtime/base/local.mk - the sources of base/.
libweir_la_SOURCES += \
	runtime/base/arena.c runtime/base/arena.h \
	runtime/base/disk.c runtime/base/disk.h \
	runtime/base/err.c runtime/base/err.h \
	runtime/base/log.c runtime/base/log.h \
	runtime/base/map.c runtime/base/map.h \
	runtime/base/mem.c runtime/base/mem.h \
	runtime/base/nearest.c runtime/base/nearest.h \
	runtime/base/obj.c runtime/base/obj.h \
	runtime/base/report.c runtime/base/report.h \
	runtime/base/str.c runtime/base/str.h \
	runtime/base/thr.c runtime/base/thr.h \
	runtime/base/units.c runtime/base/units.h \
	runtime/base/utf8.h \
	runtime/base/world.c runtime/base/world.h \
	runtime/base/world_files.c runtime/base/world_posix.h \
	runtime/base/world_sockets.c \
	runtime/base/world_virtual.c runtime/base/world_virtual.h
