# tests/local.mk - how tests are built and run. All print TAP: programs of
# tests/unit through Criterion, .sh (bash) and .py (python3) by themselves.
if WITH_TESTS

# What a test program is made of, unless it says otherwise
LDADD = libweir.la $(CRITERION_LIBS)
AM_CPPFLAGS += $(CRITERION_CFLAGS)

include $(top_srcdir)/tests/unit/local.mk
include $(top_srcdir)/tests/plugins/local.mk
include $(top_srcdir)/tests/scenario/local.mk
include $(top_srcdir)/tests/bench/local.mk
include $(top_srcdir)/tests/fuzz/local.mk

TESTS += $(check_PROGRAMS) \
	tests/lint/floors.sh \
	tests/lint/heads.sh \
	tests/lint/sizes.sh \
	tests/lint/readmes.sh \
	tests/lint/tour.sh

# Where threads meet
TSAN_TESTS += $(filter tests/unit/base/% tests/unit/metrics/% \
	tests/unit/flow/% tests/unit/control/%, $(check_PROGRAMS))

endif WITH_TESTS

TEST_EXTENSIONS = .sh .py
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_DRIVER = $(LOG_DRIVER)
LOG_COMPILER = $(SHELL) $(top_srcdir)/build-aux/criterion-tap.sh
SH_LOG_COMPILER = $(SHELL) $(top_srcdir)/build-aux/script-tap.sh $(BASH)
PY_LOG_COMPILER = $(SHELL) $(top_srcdir)/build-aux/script-tap.sh $(PYTHON)

# What every test finds in its environment
TEST_ENVIRONMENT = \
	WEIR_BUILDDIR='$(abs_top_builddir)' \
	WEIR_SRCDIR='$(abs_top_srcdir)' \
	WEIR='$(abs_top_builddir)/weir' \
	WEIR_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs' \
	WEIR_TEST_PLUGIN_PATH='$(abs_top_builddir)/tests/plugins/.libs' \
	WEIR_SANITIZERS='$(SAN_CFLAGS)' \
	PYTHONDONTWRITEBYTECODE=1 \
	LC_ALL=C.UTF-8 TZ=UTC
AM_TESTS_ENVIRONMENT = export $(TEST_ENVIRONMENT);

# check-tsan: in a tree configured with --enable-tsan
check-tsan:
if WITH_TSAN
	@$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(TSAN_TESTS)' \
		check_PROGRAMS='$(filter-out %.sh %.py, $(TSAN_TESTS))'
else
	@echo "make check-tsan: this tree was configured without --enable-tsan" >&2
	@exit 1
endif

# check-valgrind: the unit tests under memcheck
check-valgrind:
	@command -v valgrind >/dev/null || { \
		echo "make check-valgrind: valgrind not found." \
			"On Debian: apt-get install valgrind" >&2; exit 1; }
	@WEIR_VALGRIND=1 $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(check_PROGRAMS)'

# bench, fuzz: FUZZ_SECONDS is the time of each fuzzer
FUZZ_SECONDS = 60
bench: all
	@$(TEST_ENVIRONMENT) $(srcdir)/tests/bench/run $(BENCH)
fuzz: all
	@$(TEST_ENVIRONMENT) FUZZ_SECONDS='$(FUZZ_SECONDS)' \
		$(srcdir)/tests/fuzz/run $(FUZZ)
.PHONY: check-tsan check-valgrind bench fuzz
