# retry.sh - targets that are down, break off, refuse or are slow.
. "$(dirname "$0")/lib.sh" || exit 1
n=$((100000 / scale))
numbers 1 $n >in

# pipeline OUTPUTS - the lines of `in`, to them.
pipeline()
{
	config <<END
lanes = 2; memory = "4MiB";
inputs: { log: { plugin = "file"; path = "$dir/in"; at_end = "stop"; }; };
outputs: { $1 };
END
}

# flaky NAME MORE - an output that fails before it works; see output_flaky.c.
flaky()
{
	echo "$1: { plugin = \"$WEIR_TEST_PLUGIN_PATH/output_flaky.so\"; from = \"log\";
		path = \"$dir/out\"; encode = \"raw\";
		retry: { base = \"5ms\"; cap = \"20ms\"; attempts = ${attempts:-0}; };
		breaker: { failures = ${failures:-0}; open = \"20ms\"; most = \"40ms\"; }; $2 };"
}

# kept STAGE - what it refuses goes to `dead`.
kept()
{
	echo "dead: { plugin = \"file\"; from = \"$1.errors\"; path = \"$dir/dead\"; };"
}

pipeline "$(flaky out "fails = 4;")"
point "a target that was down a few times" exits 0 run
point "... has got every record once, in order" cmp in out
point "... and it is told that it was down" said "out: delivery failed.*the target is down"

rm -f out
pipeline "$(failures=3 flaky out "fails = 7; half = true;")"
point "a target that takes half of a batch each time" exits 0 run
point "... has got every record once, in order" cmp in out
said "circuit breaker open"
point "... and is not taken for one that is down" test $? -ne 0

rm -f out
pipeline "$(failures=3 flaky out "fails = 8;")"
point "a circuit breaker opens after three failures" exits 0 run
point "... and says so" said "out: circuit breaker open after 3 failures in a row: the target is down"
point "... and nothing is lost or doubled" cmp in out

# Given up: all that was in the deliveries that failed.
rm -f out
pipeline "$(attempts=3 flaky out "fails = 9;") $(kept out)"
point "after retry.attempts the next batch has its turn" exits 0 run
python "... what was given up is kept as exhausted, the rest arrived" <<'END'
import json
dead = [json.loads(line) for line in open("dead")]
assert dead and {d["class"] for d in dead} == {"exhausted"}, dead[:1]
assert {d["code"] for d in dead} == {9} and {d["stage"] for d in dead} == {"out"}
assert all("given up after 3 attempts: the target is down" in d["message"] for d in dead)
there = open("out").read().splitlines() + [d["original"] for d in dead]
assert sorted(there) == sorted(open("in").read().splitlines()), len(there)
END

rm -f dead out
pipeline "$(attempts=3 flaky out "fails = 9;")"
point "... where nothing keeps them, the run ends with 4" exits 4 run
point "... and says what to connect" said "connect out.errors to keep them"

# A target that does not come back, beside one that works.
rm -f out fast
both()
{
	pipeline "$(flaky stuck "fails = 1000000; queue = \"64KiB\"; when_full = \"$1\";")
		$(kept stuck)
		fast: { plugin = \"file\"; from = \"log\"; path = \"$dir/fast\"; encode = \"raw\"; };"
}
big=400000 # more than memory holds
numbers 1 $big >in
both shed
start
point "shed: an output that is stuck does not hold up the other" \
	within lines fast $big
kill -TERM $weir_pid
within said "what is inside goes out"
point "shed: a second signal ends it, since it is still stuck" exits 3 stop
python "shed: what did not fit is kept as policy" <<'END'
import json
dead = [json.loads(line) for line in open("dead")]
assert dead and {d["class"] for d in dead} == {"policy"}, dead[:1]
assert {d["code"] for d in dead} == {10}
texts = [d["original"] for d in dead]
assert len(texts) == len(set(texts)) and set(texts) <= set(open("in").read().splitlines())
END

rm -f out fast dead
both block
start
within said "stuck: delivery failed"
point "block: the other goes on until the queue is spent" within holds fast 1000
point "block: ... and then waits, for nothing may be lost" \
	test "$(wc -l <fast)" -lt $big
kill -TERM $weir_pid
within said "what is inside goes out"
stop

# TCP: a peer that comes late; one that goes away in between.
port=$(free_port)
numbers 1 $n >in
pipeline "out: { plugin = \"tcp\"; from = \"log\"; address = \"127.0.0.1:$port\";
	encode = \"raw\"; retry: { base = \"10ms\"; cap = \"50ms\"; };
	breaker: { failures = 0; }; };"
start
within said "Connection refused"
python3 "$here/receiver.py" "$port" got all &
others=$!
point "tcp: a peer that comes late" exits 0 ended
wait $others
point "tcp: ... gets every record once, in order" cmp in got.0

rm -f got.*
numbers 1 $big >in # more than the kernel would hold for a peer that is gone
python3 "$here/receiver.py" "$port" got reset 500000 &
others=$!
point "tcp: a peer that resets in between" exits 0 run
wait $others
others=
python "tcp: ... gets whole records in order on each connection, to the end" $big <<'END'
import sys
first = open("got.0").read().split("\n")[:-1]
second = open("got.1").read().splitlines()
assert first == [f"line {i + 1}" for i in range(len(first))]
at = int(second[0].split()[1])
assert second == [f"line {i}" for i in range(at, int(sys.argv[1]) + 1)]
END
finish
