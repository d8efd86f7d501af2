# output_rotate.sh - numbered and compressed files hold each record once.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1
numbers 1 200000 >in

pipeline()
{
	config <<END
lanes = 1;
inputs: { log: { plugin = "file"; path = "$dir/in"; at_end = "stop"; }; };
outputs: { out: { plugin = "file"; from = "log"; encode = "raw"; $1 }; };
END
	run
}

joined()
{
	local f
	for f in "$@"; do
		case $f in
		*.gz) gzip -dc "$f" ;;
		*.zst) zstd -dcq "$f" ;;
		*) cat "$f" ;;
		esac
	done
}

for kind in none gzip zstd; do
	pipeline "path = \"$dir/$kind/a/out.log\"; create_dirs = true;
		rotate_bytes = \"100KiB\"; compress = \"$kind\";"
	point "$kind: all records, in order" cmp in <(joined $kind/a/*)
	point "$kind: in more than one file" test "$(ls $kind/a | wc -l)" -gt 1
	point "$kind: none is left unfinished" \
		test -z "$(find $kind -name '*.part')"
	before=$(cat $kind/a/* | md5sum)
	first=$(ls $kind/a)
	pipeline "path = \"$dir/$kind/a/out.log\"; compress = \"$kind\";
		rotate_bytes = \"100KiB\";"
	point "$kind: a second run overwrites nothing" \
		test "$(cd $kind/a && cat $first | md5sum)" = "$before"
	point "$kind: ... and writes all of it again" \
		cmp <(cat in in) <(joined $kind/a/*)
done

pipeline "path = \"$dir/plain\";"
pipeline "path = \"$dir/plain\";"
point "a plain file is appended to" cmp plain <(cat in in)
pipeline "path = \"$dir/plain\"; mode = \"replace\"; permissions = \"0600\";"
point "... or replaced, where that is asked for" cmp plain in
pipeline "path = \"$dir/%Y-%m-%d/out\"; create_dirs = true; permissions = \"0600\";"
point "the time is filled in" cmp "$(ls -d ????-??-??/out)" in
point "permissions are as asked for" \
	test "$(stat -c %a ????-??-??/out)" = 600

: >log
pipeline "path = \"$dir/missing/out\";"
point "a missing directory is told of" \
	said "there is no directory $dir/missing; make it"
pipeline "path = \"$dir\";"
point "a directory is not a file" said "$dir: is a directory"
pipeline "path = \"/sys/kernel/weir-test\";"
point "what may not be written is told of" \
	said "/sys/kernel/weir-test: cannot be written"
finish
