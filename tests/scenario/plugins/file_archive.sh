# file_archive.sh - gzip and zstd, whole, joined, torn and corrupt.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1
mkdir in

pipeline()
{
	rm -f out errors
	: >log
	config <<END
lanes = 1;
inputs: { log: { plugin = "file"; path = "$dir/in/*"; at_end = "stop"; }; };
outputs: {
	out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; };
	errors: { plugin = "file"; from = "log.errors"; path = "$dir/errors"; encode = "json"; };
};
END
	run
}

numbers 1 20000 | gzip >in/a
{ numbers 20001 30000 | gzip; numbers 30001 40000 | gzip; } >in/b.gz
{ numbers 40001 50000 | zstd -qc; numbers 50001 60000 | zstd -qc; } >in/c.zst
numbers 60001 70000 | gzip >in/d.gz
head -c 3000 /dev/zero >>in/d.gz
numbers 70001 70100 >in/e
pipeline
point "archives are known by their content; members and frames are joined" \
	cmp out <(numbers 1 70100)
point "... and nothing is refused" test ! -s errors

numbers 1 20000 | gzip >whole.gz
for part in 1 10 5000 20000; do
	rm -f in/*
	head -c -$part whole.gz >in/a.gz
	numbers 20001 20010 >in/b
	pipeline
	point "a gzip without its last $part bytes is said to be torn" \
		grep -q "a.gz: torn gzip: the file ends at byte" errors
	head -n -10 out >front
	point "... what came out of it goes on, in whole lines" \
		cmp -n "$(stat -c %s front)" front <(numbers 1 20000)
	point "... and the next file too" \
		cmp <(tail -n 10 out) <(numbers 20001 20010)
done

rm -f in/*
numbers 1 20000 | zstd -qc | head -c -1 >in/a.zst
pipeline
point "a torn zstd is said to be torn" \
	grep -q "a.zst: torn zstd: the file ends at byte" errors

rm -f in/*
cp whole.gz in/a.gz
size=$(stat -c %s in/a.gz)
printf '\377\377\377\377\377\377' |
	dd of=in/a.gz bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
pipeline
point "a corrupt gzip is said to be corrupt" \
	grep -q "a.gz: corrupt gzip near byte" errors

rm -f in/*
{ cat whole.gz; echo "not gzip"; } >in/a.gz
pipeline
point "all that stands before foreign bytes goes on" \
	cmp out <(numbers 1 20000)
point "... and the foreign bytes are told of" \
	grep -q "what follows is not gzip" errors
finish
