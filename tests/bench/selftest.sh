#!/bin/bash
# selftest.sh - the rig tests itself: its data is repeatable, its check sees a fault.
set -u
bench=$(cd "$(dirname "$0")" && pwd)
t=$(mktemp -d "${TMPDIR:-/tmp}/weir-bench-selftest.XXXXXX") || exit 1
trap 'rm -rf "$t"' EXIT
trap 'exit 143' HUP INT TERM
n=0

ok() {
	local what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
	fi
}

for tool in gen check drain send measure scan; do
	${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -o "$t/$tool" "$bench/tools/$tool.c" || {
		echo "Bail out! $tool.c does not compile"
		exit 1
	}
done
cd "$t" || exit 1
gen() { ./gen "$1" "${2:-3000000}"; }
sum() { ./check "${2:-json}" "$1"; }
same() { test -n "$(sum "$1" "${3:-json}")" && test "$(sum "$1" "${3:-json}")" = "$(sum "$2" "${3:-json}")"; }
differ() { ! same "$@"; }
field() { sum "$1" | cut -d' ' -f"$2"; }

for what in log ndjson w2 w2b w3; do
	gen $what >$what
done

# The data
twice() { gen log | cmp -s - log && gen ndjson | cmp -s - ndjson; }
ok "the generator gives the same bytes twice" twice
known() {
	test "$(gen log 100000 | sha256sum | cut -c1-16)" = 2eba41e6a828b7df &&
		test "$(gen ndjson 100000 | sha256sum | cut -c1-16)" = e0cdb556d011794a
}
ok "the generator gives the bytes it always gave" known
distinct() { test "$(gen log 4000000 | head -10000 | sort -u | wc -l)" = 10000; }
ok "10,000 lines are distinct" distinct
unique() { test "$(sed 's/.*"id"://' ndjson | sort -u | wc -l)" = "$(wc -l <ndjson)"; }
ok "every record has an id of its own" unique
share() { test "$(awk -F'"status":' '$2 + 0 >= 400' ndjson | wc -l)" = "$(wc -l <w2)"; }
ok "the oracle of W2 has as many records as the data has bad ones" share
odd() { grep -q '\\"' log && grep -q '\\\\' log && LC_ALL=C grep -q $'\xc3' log; }
ok "the log has quotes, backslashes and UTF-8" odd
valid() { test "$(field ndjson 4)" = 0 && test "$(field w3 4)" = 0; }
ok "the records are JSON" valid

# The check
sort -R ndjson >shuffled
ok "the order of the records does not matter" same ndjson shuffled
sed 's/{\(.*\),\("id":[0-9]*\)}$/{\2 , \1}/' ndjson >turned
ok "the order of the members and spaces do not matter" same ndjson turned
lines_order() { same ndjson shuffled lines && differ ndjson turned lines; }
ok "lines are compared as they are, in any order" lines_order
sed '700s/"status":\([0-9]\)/"status":7\1/' ndjson >changed
ok "one changed number in one record is seen" differ ndjson changed
sed '700s/"path":"/"path":"x/' ndjson >changed
ok "one changed string in one record is seen" differ ndjson changed
sed '700d' ndjson >shorter
ok "one lost record is seen" differ ndjson shorter
sed '700p;701d' ndjson >doubled
ok "one lost record with another one doubled is seen" differ ndjson doubled
sed '700s/"ip"/"method"/;700s/"method":"\([A-Z]*\)"/"ip":"\1"/2' ndjson >swapped
ok "values under each other's names are seen" differ ndjson swapped
head -c -20 ndjson >torn
torn() { test "$(field torn 4)" = 1; }
ok "a torn last record is no record" torn
printf '%s\n' '{"a":"\u00e9\/\ud83d\ude00","b":200}' >escaped
printf '%s\n' '{ "b" : 2e2, "a" : "é/😀" }' >plain
ok "escapes, UTF-8 and ways to write a number are the same" same escaped plain
printf '%s\n' '{"b":"200"}' >text
printf '%s\n' '{"b":200.0}' >number
types() {
	test "$(field text 2)" != "$(field number 2)" && test "$(field text 3)" = "$(field number 3)"
}
ok "a number as text is equal in the loose sum only" types
printf '%s\n' '{"b":0200}' '{"b":1,}' '[1]' '{"b":1} x' 'b' '' '{"b":"\x"}' >broken
broken() { test "$(field broken 4)" = "$(wc -l <broken)"; }
ok "what is no JSON object is counted as bad" broken
pipe() { ! cat ndjson | ./check json /dev/stdin 2>/dev/null; }
ok "a pipe is refused and not taken for an empty file" pipe
big() {
	gen ndjson 20000000 >big && split -n l/3 big part. &&
		sum big | awk '{ print $1 }' | cmp -s - <(wc -l <big) && cat part.ac part.aa part.ab >big2 && same big big2
}
ok "two processes on one file get what one gets" big

# The measuring
measured() {
	./measure result /dev/null err 60 sh -c 'i=0; while test $i -lt 100000; do i=$((i + 1)); done; exit 3' || return 1
	awk '{ exit !($1 == 3 && $3 > $2 && $4 > 0.005 && $6 > 100 && $6 < 50000) }' result
}
ok "a command's status, time and memory are told" measured
limited() { ./measure result /dev/null err 1 sleep 60; awk '{ exit !($1 == -15 && $3 - $2 < 30) }' result; }
ok "a command that exceeds its limit is ended" limited
drained() {
	mkfifo fifo
	./drain fifo 50 >out &
	cat ndjson >fifo
	wait $!
	cmp -s ndjson out
}
ok "the slow reader changes nothing" drained
usage() { ! "$bench/run" --only W9 --dir "$t/dir" 2>err && grep -q 'no work "W9"' err; }
ok "an unknown work is refused by name" usage
foreign() {
	mkdir precious && touch precious/file
	! "$bench/run" --only W1 --size 1M --dir "$t/precious" 2>err &&
		test -e precious/file && grep -q "not the rig's" err
}
ok "a folder that is not the rig's is left alone" foreign
echo "1..$n"
