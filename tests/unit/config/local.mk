# tests/unit/config/local.mk - from a file to a tree.
check_PROGRAMS += \
	tests/unit/config/test_grammar \
	tests/unit/config/test_load \
	tests/unit/config/test_spec

tests_unit_config_test_grammar_SOURCES = tests/unit/config/test_grammar.c
tests_unit_config_test_load_SOURCES = tests/unit/config/test_load.c
tests_unit_config_test_spec_SOURCES = tests/unit/config/test_spec.c
