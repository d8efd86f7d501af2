# tests/unit/base/local.mk - memory, errors, texts, threads, the world.
check_PROGRAMS += \
	tests/unit/base/test_arena \
	tests/unit/base/test_err \
	tests/unit/base/test_log \
	tests/unit/base/test_map \
	tests/unit/base/test_nearest \
	tests/unit/base/test_report \
	tests/unit/base/test_str \
	tests/unit/base/test_thr \
	tests/unit/base/test_units \
	tests/unit/base/test_world \
	tests/unit/base/test_world_virtual

tests_unit_base_test_arena_SOURCES = tests/unit/base/test_arena.c
tests_unit_base_test_err_SOURCES = tests/unit/base/test_err.c
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c
tests_unit_base_test_map_SOURCES = tests/unit/base/test_map.c
tests_unit_base_test_nearest_SOURCES = tests/unit/base/test_nearest.c
tests_unit_base_test_report_SOURCES = tests/unit/base/test_report.c
tests_unit_base_test_str_SOURCES = tests/unit/base/test_str.c
tests_unit_base_test_thr_SOURCES = tests/unit/base/test_thr.c
tests_unit_base_test_units_SOURCES = tests/unit/base/test_units.c
tests_unit_base_test_world_SOURCES = tests/unit/base/test_world.c
tests_unit_base_test_world_virtual_SOURCES = tests/unit/base/test_world_virtual.c
