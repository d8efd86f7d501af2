# file_shrink.sh - a file is cut while it is read to its end.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1

numbers 1 2000000 >a.log
numbers 1 10 >b.log
config <<END
memory = "4MiB";
inputs: { log: { plugin = "file"; path = [ "$dir/a.log", "$dir/b.log" ]; at_end = "stop"; }; };
outputs: { out: { plugin = "stdout"; from = "log"; encode = "raw"; }; };
END
mkfifo slow
"$WEIR" run --quiet weir.conf >slow 2>log &
weir_pid=$!
exec 3<slow
read -r first <&3
truncate -s 20M a.log
cat <&3 >rest
wait $weir_pid
rc=$?
weir_pid=
point "the pipeline ends in order" test $rc -eq 0
point "the warning names the file and both sizes" \
	said "a.log: shrank from [0-9]* to 20971520 bytes"
point "the next file is read" cmp <(tail -n 10 rest) <(numbers 1 10)
point "what was there is whole up to the cut" \
	cmp <({ echo "$first"; cat rest; } | head -n -10 | head -c 20971520) \
	<(head -c 20971520 a.log)
finish
