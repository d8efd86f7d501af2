# signals.sh - being told to stop: once to finish what was begun, twice at once.
. "$(dirname "$0")/lib.sh" || exit 1

# Record i of `generate` has n = i, so what came out must be 0, 1, 2, ...
config <<END
memory = "8MiB";
inputs: { load: { plugin = "generate"; }; };
outputs: { out: { plugin = "file"; from = "load"; path = "$dir/out"; }; };
END

whole()
{
	python "$1: all that was read is written, in order" "$dir/out" \
		"$dir/log" <<'END'
import json, sys
summary = json.loads(open(sys.argv[2]).read().splitlines()[-1])
n = -1
for n, line in enumerate(open(sys.argv[1])):
    assert json.loads(line)["n"] == n, f"line {n} is {line}"
assert summary["in_records"] == summary["out_records"] == n + 1, summary
END
}

for signal in TERM INT; do
	rm -f out
	start --json
	within holds out 1000
	point "SIG$signal ends a run with 0" exits 0 stop $signal
	whole "SIG$signal"
done

# An output that takes nothing: whoever reads the pipe is asleep.
mkfifo pipe
exec 9<>pipe
stdout=$dir/pipe
config <<END
memory = "8MiB";
inputs: { load: { plugin = "generate"; }; };
outputs: { out: { plugin = "stdout"; from = "load"; }; };
END

# full - the pipe takes no more, so weir waits for its reader.
full()
{
	python3 -c 'import os, select, sys
sys.exit(bool(select.select([], [9], [], 0)[1]))'
}

for signal in TERM INT; do
	start
	within full
	kill -$signal $weir_pid
	within said "what is inside goes out"
	point "SIG$signal waits for an output that is stalled" \
		kill -0 $weir_pid
	before=$(date +%s%N)
	point "... and a second one ends it with 3" exits 3 stop $signal
	took=$((($(date +%s%N) - before) / 1000000))
	point "... within 2 s" test $took -lt $((2000 * scale))
	timeout 1 cat <&9 >/dev/null # for the next one
done

start --json
within full
kill -TERM $weir_pid
within said "what is inside goes out"
timeout 60 cat pipe >out 9>&- &
reader=$!
others=$reader
exec 9>&-
point "a stalled output that comes back gets everything" exits 0 ended
wait $reader
others=
whole "a stalled output"

"$WEIR" run --quiet -e 'generate | stdout' 2>log | head -n 1 >first
rc=${PIPESTATUS[0]}
point "a reader of stdout that leaves ends the run with 1" test "$rc" -eq 1
point "... and it is told why" said 'stage "stdout_2": .*the reader of stdout went away'
finish
