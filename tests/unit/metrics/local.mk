# tests/unit/metrics/local.mk - check_PROGRAMS += tests/unit/metrics/test_x and tests_unit_metrics_test_x_SOURCES = tests/unit/metrics/test_x.c
