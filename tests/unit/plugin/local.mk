# What plugins are checked for, and what becomes of their parameters. Some load
# the plugins of tests/plugins.

check_PROGRAMS += tests/unit/plugin/test_describe
tests_unit_plugin_test_describe_SOURCES = tests/unit/plugin/test_describe.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_file
tests_unit_plugin_test_file_SOURCES = tests/unit/plugin/test_file.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_manual
tests_unit_plugin_test_manual_SOURCES = tests/unit/plugin/test_manual.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_module
tests_unit_plugin_test_module_SOURCES = tests/unit/plugin/test_module.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_note
tests_unit_plugin_test_note_SOURCES = tests/unit/plugin/test_note.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_param_table
tests_unit_plugin_test_param_table_SOURCES = tests/unit/plugin/test_param_table.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_params
tests_unit_plugin_test_params_SOURCES = tests/unit/plugin/test_params.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_probe
tests_unit_plugin_test_probe_SOURCES = tests/unit/plugin/test_probe.c \
	tests/unit/plugin/scratch.h

check_PROGRAMS += tests/unit/plugin/test_registry
tests_unit_plugin_test_registry_SOURCES = tests/unit/plugin/test_registry.c \
	tests/unit/plugin/scratch.h
