# tcp_output.sh - a TCP peer that comes late, is slow, or resets.
. "${0%/*}/lib.sh"
here=$(cd "${0%/*}" && pwd)
cd "$dir" || exit 1
port=$((20000 + $$ % 20000))
numbers 1 300000 >in
config <<END
lanes = 1;
inputs: { log: { plugin = "file"; path = "$dir/in"; at_end = "stop"; }; };
outputs: { out: { plugin = "tcp"; from = "log"; address = "127.0.0.1:$port"; encode = "raw";
	retry = { base = "20ms"; cap = "100ms"; }; }; };
END

start
within 10 said "cannot connect: Connection refused"
point "a peer that is away is told of" said "cannot connect"
python3 "$here/collector.py" $port got
wait $weir_pid
point "... and gets everything when it comes" test $? -eq 0
weir_pid=
point "... each record once, in order" cmp in got.0

# Not each record: the kernel had some that it never sent. But none is torn on
# the new connection, and none that was not sent is missing.
rm -f got.*
python3 "$here/collector.py" $port got 1000000 &
peer=$!
run
point "after a reset it connects again" test $? -eq 0
wait $peer
point "... and begins with a whole record" \
	grep -qx 'line [0-9]*' <(head -n 1 got.1)
point "... and goes on in order to the end" \
	cmp got.1 <(numbers "$(head -n 1 got.1 | cut -d ' ' -f 2)" 300000)
point "a record that was cut is sent whole again" \
	test "$(head -n 1 got.1 | cut -d ' ' -f 2)" -gt "$(wc -l <got.0)"
finish
