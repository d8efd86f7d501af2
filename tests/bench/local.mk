# tests/bench/local.mk - programs of make bench: EXTRA_PROGRAMS += tests/bench/x
