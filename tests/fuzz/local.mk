# tests/fuzz/local.mk - programs of make fuzz
