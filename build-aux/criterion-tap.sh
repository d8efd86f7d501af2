#!/bin/sh
# criterion-tap.sh - runs a Criterion program and prints TAP.
#
# Criterion has given its verdict before a test's process ends, so leaks and
# other reports of sanitizers don't fail a test by themselves, and it swallows
# what tests print. Hence the TAP goes to a file, the reports go to files, and
# one more TAP point says that there were none. WEIR_VALGRIND=1 runs it all
# under memcheck; WEIR_TEST_TIMEOUT is in seconds.
t=$(mktemp -d "${TMPDIR:-/tmp}/weir-tap.XXXXXX") || exit 99
trap 'rm -rf "$t"' EXIT
trap 'exit 143' HUP INT TERM

logs="log_path=$t/report"
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}$logs"
UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}print_stacktrace=1:$logs"
TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}second_deadlock_stack=1:$logs"
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

limit=${WEIR_TEST_TIMEOUT:-300}
run=
# Sanitizers can't place their shadow where addresses are very random.
if test -n "$WEIR_SANITIZERS" && setarch -R true 2>/dev/null; then
	run="setarch -R"
fi
if test -n "$WEIR_VALGRIND"; then
	run="valgrind -q --trace-children=yes --leak-check=full
		--show-leak-kinds=definite --log-file=$t/memcheck.%p"
	limit=$((limit * 10))
fi
timeout -k 5 "$limit" $run "$@" --tap="$t/tap" --verbose -j1 >&2
rc=$?

points=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$t/tap" 2>/dev/null)
if test -z "$points"; then
	echo "1..1"
	echo "not ok 1 - runs to its end (exit status $rc)"
	cat "$t"/report* >&2 2>/dev/null
	exit 0
fi
sed "s/^1\.\.[0-9]*/1..$((points + 1))/" "$t/tap"

# Memcheck also tells of a signal that a test expects.
errors='Invalid|Conditional|Use of|Syscall|Mismatched|Source and|definitely'
for f in "$t"/memcheck*; do
	grep -qsE "$errors" "$f" && cp "$f" "$t/report.${f##*.}"
done

found=
for f in "$t"/report*; do
	test -s "$f" && found=yes && cat "$f" >&2
done
if test -n "$found"; then
	echo "not ok - no reports of sanitizers"
else
	echo "ok - no reports of sanitizers"
fi

# Whatever failed has been told in TAP; a status would count it twice.
if test $rc -ne 0 && test -z "$found" && ! grep -q '^not ok' "$t/tap"; then
	exit $rc
fi
exit 0
