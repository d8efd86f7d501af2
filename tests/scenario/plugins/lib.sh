# lib.sh - what the scenarios of plugins share: a folder, a pipeline, points
# of TAP, and waiting for a condition until a deadline.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/weir-scenario.XXXXXX") || exit 1
points=0
weir_pid=
mounted=
weir_options=--quiet

cleanup()
{
	test -z "$weir_pid" || kill -9 "$weir_pid" 2>/dev/null
	test -z "$mounted" || umount "$mounted" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

# point TITLE COMMAND... - the promise holds when the command succeeds.
point()
{
	local title=$1
	shift
	points=$((points + 1))
	if "$@" >"$dir/.said" 2>&1; then
		echo "ok $points - $title"
		return 0
	fi
	echo "not ok $points - $title"
	echo "# failed: $*"
	head -n 20 "$dir/.said" | sed 's/^/# /'
	test ! -s "$dir/log" || { echo "# weir said:"
		tail -n 20 "$dir/log" | sed 's/^/# /'; }
	return 1
}

skip()
{
	points=$((points + 1))
	echo "ok $points - $1 # SKIP $2"
}

finish()
{
	echo "1..$points"
}

# within SECONDS COMMAND... - waits until the command succeeds.
within()
{
	local until=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		test $SECONDS -lt "$until" || return 1
		sleep 0.02
	done
}

# config - the pipeline, from standard input.
config()
{
	{ echo 'pipeline = "scenario";'; cat; } >"$dir/weir.conf"
}

# run - the pipeline to its end; its exit code. What it says is in $dir/log.
run()
{
	"$WEIR" run $weir_options "$dir/weir.conf" 2>>"$dir/log"
}

start()
{
	"$WEIR" run $weir_options "$dir/weir.conf" >/dev/null 2>>"$dir/log" &
	weir_pid=$!
}

# stop [SIGNAL] - ends what start() started; its exit code.
stop()
{
	local rc
	kill "-${1:-TERM}" "$weir_pid" 2>/dev/null
	wait "$weir_pid" 2>/dev/null
	rc=$?
	weir_pid=
	return $rc
}

said()
{
	grep -q -- "$1" "$dir/log"
}

# lines FILE N - it has so many.
lines()
{
	test -f "$1" && test "$(wc -l <"$1")" -eq "$2"
}

# numbers FROM TO - "line FROM" ... "line TO".
numbers()
{
	seq -f 'line %.0f' "$1" "$2"
}

# each_once FILE FROM TO - exactly these lines, each once, in any order.
each_once()
{
	sort -k2n "$1" | cmp - <(numbers "$2" "$3")
}
