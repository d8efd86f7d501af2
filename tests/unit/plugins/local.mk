# The parts of plugins that are functions of their arguments alone.
check_PROGRAMS += tests/unit/plugins/test_identity
tests_unit_plugins_test_identity_SOURCES = \
	tests/unit/plugins/test_identity.c plugins/input_file/identity.c

check_PROGRAMS += tests/unit/plugins/test_series
tests_unit_plugins_test_series_SOURCES = \
	tests/unit/plugins/test_series.c plugins/input_generate/series.c

check_PROGRAMS += tests/unit/plugins/test_name
tests_unit_plugins_test_name_SOURCES = \
	tests/unit/plugins/test_name.c plugins/output_file/name.c

check_PROGRAMS += tests/unit/plugins/test_fdsend
tests_unit_plugins_test_fdsend_SOURCES = \
	tests/unit/plugins/test_fdsend.c plugins/output_stdout/fdsend.c
