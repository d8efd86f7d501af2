# cli.sh - the commands: help, JSON, one-liners, exit codes, progress.
. "$(dirname "$0")/lib.sh" || exit 1

# prints PATTERN COMMAND... - its standard output has that.
prints()
{
	local pattern=$1
	shift
	"$@" 2>log | grep -q -- "$pattern"
}

for command in run check graph plugins "plugin show" "plugin probe"; do
	# unquoted: a command may be two words
	point "$command --help has an example" \
		prints "^  weir $command" "$WEIR" $command --help
	point "help $command says the same" \
		cmp <("$WEIR" $command --help) <("$WEIR" help $command)
	point "--help names $command" prints "^  $command " "$WEIR" --help
	point "$command --nonsense is told, with 64" exits 64 "$WEIR" $command --nonsense
done
point "the example of run works as it is written" prints "install" sh -c "$(
	"$WEIR" run --help | sed -n 's/^  weir \(run -e .*\)/"$WEIR" \1/p' |
		sed "s|/var/log/dpkg.log|$dir/log.txt|")" < <(
	printf 'install a\nremove b\n' >log.txt)
point "--version" prints '^weir [0-9]' "$WEIR" --version
point "no command: 64" exits 64 "$WEIR"
point "an unknown command: 64" exits 64 "$WEIR" chekc
"$WEIR" chekc 2>log
point "... with the one that was meant" said 'did you mean "check"?'
"$WEIR" plugin shwo x 2>log
point "... of two words, too" said 'did you mean "plugin show"?'

# json TITLE ORACLE COMMAND... - what it prints is JSON, of which that is true.
json()
{
	local title=$1 oracle=$2
	shift 2
	"$@" >json.out 2>log
	python "$title" "$oracle" <<'END'
import json, sys
with open("json.out") as f:
    d = json.load(f)
assert eval(sys.argv[1]), json.dumps(d)[:600]
END
}

one='generate seed=3 count=20 keys=2 | filter "key == \"k1\"" | null'
# plugin = "./x.so" is the only way to the plugins of tests
pass=$WEIR_TEST_PLUGIN_PATH/transform_pass.so
json "run --json: the summary, on stderr" \
	'd["in_records"] == 20 and d["out_records"] + d["dropped_records"] == 20 and [s["plugin"] for s in d["stages"]] == ["generate", "filter", "null"]' \
	sh -c '"$WEIR" run --json -e "$1" 2>&1' sh "$one"
json "check --json: the plan" \
	'd["ok"] and d["report"] == [] and d["plan"]["memory_bound_bytes"] > d["plan"]["memory_bytes"]' \
	"$WEIR" check --json -e "$one"
json "check --json: mistakes with line and column" \
	'not d["ok"] and d["plan"] is None and "count" in json.dumps(d["report"])' \
	"$WEIR" check --json -e 'generate count=many | null'
json "graph --json: stages and where they read from" \
	'{s["name"]: [f["stage"] for f in s["from"]] for s in d["stages"]} == {"generate_1": [], "filter_2": ["generate_1"], "null_3": ["filter_2"]}' \
	"$WEIR" graph --json -e "$one"
json "plugins --json: each with its path" \
	'{"file", "tcp", "null", "filter", "count"} <= {p["plugin"]["name"] for p in d if p["usable"]} and all(p["path"].endswith(".so") for p in d)' \
	"$WEIR" plugins --json
json "plugin show --json: each parameter with its type" \
	'"seed" in json.dumps(d) and d["name"] == "generate"' \
	"$WEIR" plugin show --json generate
json "plugin probe --json" '"weir.test.pass" in json.dumps(d)' \
	"$WEIR" plugin probe --json "$pass"
json "plugin probe --json of a broken one" '"ABI" in json.dumps(d)' \
	"$WEIR" plugin probe --json "$WEIR_TEST_PLUGIN_PATH/other_abi.so"
point "... which exits with 2" exits 2 "$WEIR" plugin probe --json "$WEIR_TEST_PLUGIN_PATH/other_abi.so"
point "plugin show of two that are called alike asks which" \
	exits 64 "$WEIR" plugin show file
point "plugin show KIND/NAME" prints "at_end" "$WEIR" plugin show input/file
point "plugin show --markdown" prints '^#' "$WEIR" plugin show --markdown generate
"$WEIR" plugin show --template generate >stage
printf 'inputs: {\n%s\n};\noutputs: { n: { plugin = "null"; from = "NAME"; }; };\n' \
	"$(sed 's/^\( *\)[a-zA-Z_]*: *{/\1NAME: {/;q' stage; sed 1d stage)" >template.conf
point "plugin show --template is a stage that can be pasted" \
	"$WEIR" check template.conf
point "graph --dot is a digraph" prints '^digraph' "$WEIR" graph --dot -e "$one"
point "graph --mermaid is a flowchart" prints 'flowchart\|graph' "$WEIR" graph --mermaid -e "$one"

printf 'a "b" c\nd | e\n%s\n' "it's" >in
input="file $dir/in at_end=stop"
# finds TEXT FILTER - a one-liner with this filter gives this line only.
finds()
{
	point "a one-liner finds $1" cmp <(echo "$1") <(
		"$WEIR" run --quiet -e "$input | $2 | stdout encode=raw")
}
finds 'a "b" c' "filter \"message == 'a \\\"b\\\" c'\""
finds 'd | e' "filter 'message =~ \"d [|]\"'"
finds "it's" "filter 'message == \"it\\'s\"'"
point "a quote that is not closed: 2" exits 2 "$WEIR" run -e 'generate count=1 | filter "n > 1 | null'
"$WEIR" run -e 'generate count=1 | nul' 2>log
point "a caret at the word that is wrong" said '^ *^$'

# progress - what a terminal is shown.
cat >terminal.py <<'END'
import os, pty, sys
with open("shown", "wb") as shown:
    def read(fd):
        data = os.read(fd, 4096)
        shown.write(data)
        return data
    sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))
END
slow='generate count=3000 rate=5000 | null'
point "a run on a terminal" exits 0 python3 terminal.py "$WEIR" run -e "$slow"
point "... shows its progress" grep -aq '\[=*> *\] *[0-9]*%' shown
point "... and a summary at the end" grep -aq '3 000 in, 3 000 out' shown
python3 terminal.py "$WEIR" run --quiet -e "$slow" >/dev/null
point "... and nothing with --quiet" test ! -s shown
"$WEIR" run -e "$slow" 2>log
point "no progress where there is no terminal" test "$(grep -c '[]%]' log)" -eq 0
point "... but the summary" said '3 000 in, 3 000 out'
finish
