# stdout.sh - standard input and output: slow readers, and ones that leave.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1
numbers 1 500000 >in
config <<END
lanes = 1;
inputs: { in: { plugin = "stdin"; }; };
outputs: { out: { plugin = "stdout"; from = "in"; encode = "raw"; }; };
END

run <in >out
point "from a file to a file" cmp in out
cat in | run | cat >out
point "from a pipe to a pipe" cmp in out
run </dev/null >out
point "nothing makes nothing" test ! -s out
printf 'line 1\nline 2' | run >out
point "a last line without its end is a record" cmp out <(numbers 1 2)

mkfifo slow
run <in >slow &
weir_pid=$!
exec 3<slow
read -r first <&3
within 10 grep -q 'S (sleeping)' /proc/$weir_pid/status
{ echo "$first"; cat <&3; } >out
wait $weir_pid
weir_pid=
point "a slow reader gets all of it" cmp in out

run <in | head -n 1 >out
point "a reader that leaves ends the pipeline" test "${PIPESTATUS[0]}" -eq 1
point "... with a message" said "the reader of stdout went away"

{ numbers 1 10; within 10 lines out 10 && numbers 11 20; } |
	run >out
point "lines go on before standard input ends" cmp out <(numbers 1 20)
finish
