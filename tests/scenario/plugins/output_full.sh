# output_full.sh - a full disk tears, loses and repeats nothing.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1
mkdir disk
if ! mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null; then
	skip "a full disk" "mounting needs root"
	finish
	exit 0
fi
mounted=$dir/disk
numbers 1 100000 >in

whole()
{
	case $1 in
	none) cat disk/out* ;;
	gzip) gzip -dc disk/out* ;;
	zstd) zstd -dcq disk/out* ;;
	esac
}

for kind in none gzip zstd; do
	rm -f disk/*
	: >log
	head -c 1992K /dev/zero >disk/filler
	config <<END
lanes = 1;
inputs: { log: { plugin = "file"; path = "$dir/in"; at_end = "stop"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/disk/out"; encode = "raw";
	compress = "$kind"; retry = { base = "20ms"; cap = "100ms"; }; }; };
END
	start
	within 10 said "No space left on device"
	point "$kind: a full disk is told of" said "No space left on device"
	point "$kind: ... and waited for" kill -0 $weir_pid
	if test $kind = none; then
		point "$kind: what is there ends with a whole record" \
			cmp <(tail -c 1 disk/out) <(echo)
	fi
	rm disk/filler
	wait $weir_pid
	point "$kind: it goes on when there is room" test $? -eq 0
	weir_pid=
	point "$kind: every record is there once, in order" \
		cmp in <(whole $kind)
done

mount -o remount,ro disk
: >log
run
point "a read-only disk is told of at the start" \
	said "cannot be written: Read-only file system"
finish
