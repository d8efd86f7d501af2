# file_glob.sh - many files under a glob: to their end, and as they appear.
. "${0%/*}/lib.sh"
cd "$dir" || exit 1
mkdir logs

numbers 1 100 >logs/a.log
numbers 101 200 >logs/b.log
numbers 201 300 >logs/c.log
echo no >logs/d.debug.log
ln logs/a.log logs/same-as-a.log
config <<END
lanes = 1;
inputs: { log: { plugin = "file"; path = "$dir/logs/*.log"; exclude = "*.debug.log"; at_end = "stop"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END
point "the pipeline ends with the files" run
point "all files are read, in order, and a second name of one is not" \
	cmp out <(numbers 1 300)

printf 'line 301' >logs/e.log
rm out
point "a last line without its end is a record" run
point "... like the others" cmp out <(numbers 1 300; echo line 301)

rm -f out logs/*
config <<END
inputs: { log: { plugin = "file"; path = [ "$dir/logs/*.log", "$dir/more/x" ]; exclude = "*.debug.log"; }; };
outputs: { out: { plugin = "file"; from = "log"; path = "$dir/out"; encode = "raw"; }; };
END
start
within 5 said 'not there yet'
for i in $(seq 0 49); do
	numbers $((i * 10 + 1)) $((i * 10 + 10)) >logs/$i.log
done
echo no >logs/x.debug.log
within 10 lines out 500
point "files that appear are read from their beginning" each_once out 1 500
mkdir more
numbers 501 510 >more/x
within 10 lines out 510
point "so is one whose folder was missing" each_once out 1 510
stop
point "a stop is orderly" test $? -eq 0

: >log
config <<END
inputs: { log: { plugin = "file"; path = "$dir/none/*.log"; at_end = "stop"; }; };
outputs: { out: { plugin = "null"; from = "log"; }; };
END
run
point "no match is a mistake" said "no file matches $dir/none/\*.log"
sed -i 's|none/\*.log|none.log|' weir.conf
run
point "a missing file is named" said "$dir/none.log: no such file"
sed -i 's|none.log|logs|' weir.conf
run
point "a directory is not a file" said "$dir/logs: is a directory"
finish
