# Tests of the engine.
FLOW_FIXTURE = tests/unit/flow/fixture.c tests/unit/flow/fixture.h
check_PROGRAMS += \
	tests/unit/flow/test_backoff \
	tests/unit/flow/test_exchange \
	tests/unit/flow/test_flow \
	tests/unit/flow/test_positions \
	tests/unit/flow/test_ring
tests_unit_flow_test_backoff_SOURCES = tests/unit/flow/test_backoff.c
tests_unit_flow_test_exchange_SOURCES = tests/unit/flow/test_exchange.c
tests_unit_flow_test_flow_SOURCES = tests/unit/flow/test_flow.c $(FLOW_FIXTURE)
tests_unit_flow_test_positions_SOURCES = tests/unit/flow/test_positions.c
tests_unit_flow_test_ring_SOURCES = tests/unit/flow/test_ring.c $(FLOW_FIXTURE)
