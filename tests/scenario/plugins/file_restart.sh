# file_restart.sh - a pipeline that was stopped goes on where it was.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1

config <<END
data_dir = "$dir/data";
inputs: { log: { plugin = "file"; path = "$dir/*.log"; rotate_wait = "200ms"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END
numbers 1 1000 >app.log
numbers 1001 2000 >other.log
start
within 10 lines out 2000
stop
numbers 2001 3000 >>app.log
start
within 10 lines out 3000
point "what was appended meanwhile is read, and nothing twice" \
	each_once out 1 3000
stop

numbers 3001 3500 >>app.log
mv app.log app.log.1
numbers 3501 4000 >app.log
start
within 10 lines out 4000
point "a file that was rotated meanwhile is read to its end" \
	each_once out 1 4000
stop

numbers 4001 4500 >>app.log
cp app.log copied
rm app.log
mv copied app.log
start
within 10 lines out 4500
point "a file that was copied is known by its content" each_once out 1 4500
stop

numbers 4501 5000 >app.log
start
within 10 lines out 5000
point "a file that was written anew is read from its beginning" \
	each_once out 1 5000
point "... with a warning" said "app.log: is not what it was"
stop
finish
