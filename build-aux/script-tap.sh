#!/bin/sh
# script-tap.sh - runs a script that prints TAP: script-tap.sh INTERPRETER FILE
#
# Reports of sanitizers, of any program that the script starts, go to files
# and make the test an error; so does an exit status that no "not ok" explains.
# WEIR_TEST_TIMEOUT is in seconds.
t=$(mktemp -d "${TMPDIR:-/tmp}/weir-tap.XXXXXX") || exit 99
trap 'rm -rf "$t"' EXIT
trap 'exit 143' HUP INT TERM

logs="log_path=$t/report"
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}$logs"
UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}print_stacktrace=1:$logs"
TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}$logs"
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

# Sanitizers can't place their shadow where addresses are very random.
run=
if test -n "$WEIR_SANITIZERS" && setarch -R true 2>/dev/null; then
	run="setarch -R"
fi
{
	timeout -k 5 "${WEIR_TEST_TIMEOUT:-300}" $run "$@" </dev/null
	echo $? >"$t/rc"
} | tee "$t/tap"
rc=$(cat "$t/rc")

for f in "$t"/report*; do
	test -s "$f" || continue
	echo "# a sanitizer reported:" >&2
	cat "$f" >&2
	exit 1
done
if test "$rc" = 124; then
	echo "Bail out! still running after ${WEIR_TEST_TIMEOUT:-300} s"
fi
if test "$rc" -ne 0 && grep -q '^not ok' "$t/tap"; then
	exit 0
fi
exit "$rc"
