# lib.sh - what the scenarios share: a folder, a pipeline, points of TAP, and
# waiting for a condition until a deadline.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/weir-scenario.XXXXXX") || exit 1
here=$(cd "$(dirname "$0")" && pwd)
points=0
weir_pid=
others=          # further processes to end with us
stdout=          # where that of start() goes
mounted=

# Sanitizers are slow: longer deadlines, smaller sizes.
patience=20
scale=1
test -z "${WEIR_SANITIZERS:-}" || { patience=90; scale=8; }

cleanup()
{
	local p
	for p in $weir_pid $others; do
		kill -9 "$p" 2>/dev/null
	done
	test -z "$mounted" || umount "$mounted" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
cd "$dir" || exit 1

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
	head -n 20 "$dir/.said" | cut -c 1-300 | sed 's/^/# /'
	test ! -s "$dir/log" || {
		echo "# weir said:"
		tail -n 12 "$dir/log" | cut -c 1-300 | sed 's/^/# /'
	}
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

# within COMMAND... - waits until the command succeeds, not for ever.
within()
{
	local until=$((SECONDS + patience))
	until "$@" >/dev/null 2>&1; do
		test $SECONDS -lt $until || return 1
		sleep 0.02
	done
}

# config [NAME] - a pipeline, from standard input; its name is "scenario".
config()
{
	{ echo 'pipeline = "scenario";'; cat; } >"$dir/${1:-weir.conf}"
}

# run [ARGUMENT...] - the pipeline to its end; its exit code. The log is fresh.
run()
{
	"$WEIR" run --quiet "$@" "$dir/weir.conf" 2>"$dir/log"
}

# start [ARGUMENT...] - the pipeline beside us. It ends with stop or ended.
start()
{
	"$WEIR" run --quiet "$@" "$dir/weir.conf" >"${stdout:-$dir/stdout}" \
		2>"$dir/log" &
	weir_pid=$!
}

gone()
{
	case $(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) in
	'' | Z) return 0 ;;
	*) return 1 ;;
	esac
}

# ended - waits for what start() started; its exit code, or 99 if it stays.
ended()
{
	local rc
	if ! within gone "$weir_pid"; then
		kill -9 "$weir_pid"
		wait "$weir_pid" 2>/dev/null
		weir_pid=
		return 99
	fi
	wait "$weir_pid" 2>/dev/null
	rc=$?
	weir_pid=
	return $rc
}

# stop [SIGNAL] - ends it; its exit code.
stop()
{
	kill "-${1:-TERM}" "$weir_pid"
	ended
}

# exits CODE COMMAND... - that is how it ends.
exits()
{
	local want=$1 rc
	shift
	"$@"
	rc=$?
	test $rc -eq "$want" || { echo "exit code $rc, not $want"; return 1; }
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

# holds FILE N - it has at least so many.
holds()
{
	test -f "$1" && test "$(wc -l <"$1")" -ge "$2"
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

# each_at_least_once FILE FROM TO
each_at_least_once()
{
	sort -k2n -u "$1" | cmp - <(numbers "$2" "$3")
}

# free_port - one that nobody listens on just now.
free_port()
{
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# python TITLE - a point whose oracle is the python program on standard input;
# its assertions are the promise. Arguments follow the title.
python()
{
	local title=$1
	shift
	cat >"$dir/.oracle.py"
	point "$title" python3 "$dir/.oracle.py" "$@"
}
