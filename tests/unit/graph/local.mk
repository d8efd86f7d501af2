# tests/unit/graph/local.mk - check_PROGRAMS += tests/unit/graph/test_x and tests_unit_graph_test_x_SOURCES = tests/unit/graph/test_x.c
