# Tests of wiring and planning.
check_PROGRAMS += tests/unit/graph/test_graph
tests_unit_graph_test_graph_SOURCES = tests/unit/graph/test_graph.c
