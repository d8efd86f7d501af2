# refused_config.sh - a mistake is told before anything starts: where, what,
# and what to do.
. "$(dirname "$0")/lib.sh" || exit 1
input='inputs: { g: { plugin = "generate"; count = 10; }; };'
output='outputs: { o: { plugin = "file"; from = "g"; path = "made"; }; };'

# mistakes - those that were told: lines with a file.
mistakes()
{
	grep -c '^weir\.conf:[0-9:]* error: ' log
}

# refused WHAT PATTERN... - the config in standard input is not started: every
# pattern is told, each mistake once.
refused()
{
	local what=$1 pattern
	shift
	rm -f made
	cat >weir.conf
	"$WEIR" run weir.conf 2>log
	test $? -eq 2 || { point "$what: exit code 2" false; return; }
	for pattern in "$@"; do
		said "$pattern" || { point "$what: $pattern" false; return; }
	done
	point "$what" test "$(mistakes)" -eq "${of:-$#}" -a ! -e made
}

# with STAGE - a config with this transform in the middle, on line 2.
with()
{
	printf '%s\ntransforms: { t: { from = "g"; %s }; };\n%s\n' "$input" "$1" \
		'outputs: { o: { plugin = "file"; from = "t"; path = "made"; }; };'
}

refused "a parameter that does not exist" \
	'^weir.conf:2: error: outputs.o.pth: .*did you mean "path"?' \
	'path: is missing' <<END
$input
outputs: { o: { plugin = "file"; from = "g"; pth = "made"; }; };
END
refused "settings that do not exist" '^weir.conf:1: .*did you mean "pipeline"?' <<END
pipline = "x";
$input $output
END
refused "a wrong type" '^weir.conf:1: error: inputs.g.count: expects an integer, got "one"' <<END
inputs: { g: { plugin = "generate"; count = "one"; }; }; $output
END
refused "a value out of its range" 'inputs.g.keys: 0 is outside 1..10000000' <<END
inputs: { g: { plugin = "generate"; keys = 0; }; }; $output
END
refused "a word that is none of the choices" 'inputs.g.as: .*"record".*"json"' <<END
inputs: { g: { plugin = "generate"; as = "jsn"; }; }; $output
END
refused "a size without a unit that exists" '"5 bananas": unknown unit "bananas": use one of' <<END
memory = "5 bananas"; $input $output
END
refused "a number that would wrap" '^weir.conf:1:[0-9]*: error: 3000000000 .*write 3000000000L' <<END
inputs: { g: { plugin = "generate"; count = 3000000000; }; }; $output
END
refused "an output without from" 'output "o" does not say where its records come from' <<END
$input
outputs: { o: { plugin = "file"; path = "made"; }; };
END
refused "a stage that does not exist" '^weir.conf:2: error: stage "o": .*no stage "h"' <<END
$input
outputs: { o: { plugin = "file"; from = "h"; path = "made"; }; };
END
refused "a port that does not exist" 'has no port "late"; it has: out, errors' <<END
$input outputs: { o: { plugin = "file"; from = "g.late"; path = "made"; }; };
END
refused "a circle" 'part of a circle' <<END
$input transforms: { a: { plugin = "filter"; from = "b"; where = "n > 1"; };
b: { plugin = "filter"; from = "a"; where = "n > 1"; }; };
outputs: { o: { plugin = "file"; from = "b"; path = "made"; }; };
END
refused "two stages of one name" 'stage "g" exists already, as input at line 1' <<END
$input
outputs: { g: { plugin = "file"; from = "g"; path = "made"; }; };
END
refused "an environment variable that is not set" \
	'NOT_SET is not set: set it, or write ${NOT_SET:-default}' <<'END'
inputs: { g: { plugin = "generate"; }; };
outputs: { o: { plugin = "file"; from = "g"; path = "${NOT_SET}/made"; }; };
END
refused "an @include that is not there" '@include "missing.conf": No such file' <<END
@include "missing.conf"
$input $output
END
of=1 refused "a syntax error, with a caret" '^weir.conf:2:[0-9]*: error:' '^ *^$' <<END
$input
outputs: { o: { plugin = = "file"; }; };
END
of=1 refused "an expression that is none, with a caret" 'where: expression: expected a value' \
	'^    n > > 1$' '^        ^$' < <(with 'plugin = "filter"; where = "n > > 1";')
refused "a function that does not exist" 'no function lowr(); did you mean lower()?' \
	< <(with 'plugin = "filter"; where = "lowr(key) == 1";')
refused "an expression of the wrong type" \
	'^weir.conf:2: error: transforms.t.where: .*+ cannot be used on text and a number' \
	< <(with 'plugin = "filter"; where = "'"'a' + 1"' > n";')
refused "a plugin that is not there" \
	'^weir.conf:1: error: stage "g": .*did you mean "generate"? Looked for input_genrate.so in' <<END
inputs: { g: { plugin = "genrate"; }; };
$output
END
refused "several mistakes, all in one pass" 'pipline' '"lanes" = 99' \
	'inputs.g.keys' 'outputs.o.pth' 'path: is missing' 'no stage "h"' <<END
pipline = "x"; lanes = 99;
inputs: { g: { plugin = "generate"; keys = 0; }; };
outputs: { o: { plugin = "file"; from = "h"; pth = "made"; }; };
END

# broken FILE PATTERN - a plugin with something wrong is never loaded.
broken()
{
	refused "plugin $1" "^weir.conf:2: error: stage \"t\": .*/$1.so: .*$2" \
		< <(with "plugin = \"$WEIR_TEST_PLUGIN_PATH/$1.so\";")
	"$WEIR" plugin probe "$WEIR_TEST_PLUGIN_PATH/$1.so" 2>log >&2
	test $? -eq 2 && said "$2"
	point "plugin $1: probe says so too, and exits with 2" test $? -eq 0
}

broken nothere 'o such file'
broken other_abi 'plugin ABI 3, this weir speaks ABI 0: rebuild'
broken other_layout 'another layout of records.*rebuild'
broken no_note 'no .note.weir section'
broken undefined 'undefined symbol: nobody_has_this_function'
broken exports_nothing 'does not export weir_plugin_v0'
broken bad_table 'parameter "second": overlaps "first"'
broken hangs 'did not answer within'
broken exits 'ended the process with exit status 0'
if test -z "${WEIR_SANITIZERS:-}"; then # which would call these a finding
	broken crashes 'crashed with SIGSEGV'
	broken crashes_early 'crashed with SIGABRT'
	broken wild 'crashed with SIGSEGV'
fi

printf 'this is not a library' >text.so
refused "plugin that is a text file" 'text.so: ' <<END
$input
transforms: { t: { plugin = "./text.so"; from = "g"; }; };
outputs: { o: { plugin = "file"; from = "t"; path = "made"; }; };
END
point "a config that is not there" exits 2 "$WEIR" run "$dir/no.conf"
point "a config that is a folder" exits 2 "$WEIR" run "$dir"
finish
