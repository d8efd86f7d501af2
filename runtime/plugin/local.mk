# What a plugin is: its file, note, descriptions and parameters; the instance
# that lives, and the services it is lent.
libweir_la_SOURCES += \
	runtime/plugin/describe.c runtime/plugin/describe.h \
	runtime/plugin/file.c runtime/plugin/file.h \
	runtime/plugin/host.c runtime/plugin/host.h \
	runtime/plugin/instance.c runtime/plugin/instance.h \
	runtime/plugin/manual.c runtime/plugin/manual.h \
	runtime/plugin/manual_template.c \
	runtime/plugin/module.c runtime/plugin/module.h \
	runtime/plugin/note.c runtime/plugin/note.h \
	runtime/plugin/param_bag.c runtime/plugin/param_bag.h \
	runtime/plugin/param_range.c runtime/plugin/param_range.h \
	runtime/plugin/param_table.c runtime/plugin/param_table.h \
	runtime/plugin/param_value.c runtime/plugin/param_value.h \
	runtime/plugin/params.c runtime/plugin/params.h \
	runtime/plugin/probe.c runtime/plugin/probe.h \
	runtime/plugin/registry.c runtime/plugin/registry.h
