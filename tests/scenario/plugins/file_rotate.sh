# file_rotate.sh - a followed file is rotated while it is written to.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1

config <<END
inputs: { log: { plugin = "file"; path = "$dir/app.log"; rotate_wait = "1s"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END
: >app.log
start

# Renamed: the writer goes on in the old file for a while, as writers do.
n=0
write()
{
	numbers $((n + 1)) $((n + $1)) >&3
	n=$((n + $1))
}
exec 3>>app.log
write 1
within 10 lines out $n # it is open: before, nobody would know its new name
for r in 1 2 3 4 5; do
	for _ in $(seq 20); do write 500; done
	mv app.log "app.log.$r"
	write 50
	exec 3>>app.log
	write 1
	within 10 lines out $n # the new file is seen before its turn comes
done
within 20 lines out $n
point "rotation by rename: each line once" each_once out 1 $n
point "an unfinished line is not a record yet" lines out $n
printf 'line %d' $((n + 1)) >&3
printf '\n' >&3
n=$((n + 1))
within 10 lines out $n
point "it is one when it is finished" each_once out 1 $n

# Copied and truncated, when all of it was read.
for r in 1 2 3; do
	for _ in $(seq 10); do write 300; done
	within 10 lines out $n
	cp app.log "copy.$r"
	: >app.log
done
write 10
within 10 lines out $n
point "rotation by copy and truncate: each line once" each_once out 1 $n

# Written anew and longer than before, under the same name and inode.
size=$(stat -c %s app.log)
m=$n
{ numbers $((n + 1)) $((n + 5000)); } >app.log
n=$((n + 5000))
test "$(stat -c %s app.log)" -gt "$size"
within 10 lines out $n
point "a file that is written anew is read from its beginning" \
	each_once out 1 $n

# Deleted while it is open: what the writer still writes is read.
exec 3>>app.log
write 10
rm app.log
write 10
within 10 lines out $n
point "a deleted file is read to its end" each_once out 1 $n
exec 3>&-
stop
finish
