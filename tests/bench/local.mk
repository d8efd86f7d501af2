# tests/bench/local.mk - make bench runs tests/bench/run, which compiles its
# tools itself; what make check can say about them is selftest.sh.
TESTS += tests/bench/selftest.sh
