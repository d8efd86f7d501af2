# configs.sh - every example runs as its head comment says.
. "$(dirname "$0")/lib.sh" || exit 1
cd "$WEIR_SRCDIR" || exit 1
export OUT=$dir/out

# example NN CODE - runs it into an empty $OUT.
example()
{
	rm -rf "$OUT"
	mkdir "$OUT"
	conf=$(echo configs/"$1"-*.conf)
	point "$conf runs" exits "$2" sh -c \
		"\"$WEIR\" run --quiet $conf >\"$dir/stdout\" 2>\"$dir/log\""
}

# gives FILE - it has the lines of standard input, in any order.
gives()
{
	sort >"$dir/want"
	point "$conf gives $1" diff "$dir/want" <(sort "$OUT/$1")
}

# refuses FILE - as "STAGE CLASS ORIGINAL" lines in standard input.
refuses()
{
	sort >"$dir/want"
	python3 -c 'import json, sys
for line in sys.stdin:
    d = json.loads(line)
    print(d["stage"], d["class"], d["original"])' <"$OUT/$1" | sort >"$dir/dead"
	point "$conf keeps what is refused in $1" diff "$dir/want" "$dir/dead"
}

for conf in configs/*.conf; do
	point "check: $conf has no mistake" "$WEIR" check "$conf"
	for form in "" --dot --mermaid --json; do
		point "graph $form: $conf" "$WEIR" graph $form "$conf"
	done
done

cat >"$dir/dpkg.log" <<'END'
2026-03-01 10:00:00 startup archives unpack
2026-03-01 10:00:01 install libfoo:amd64 <none> 1.0-1
2026-03-01 10:00:01 status half-installed libfoo:amd64 1.0-1
2026-03-01 10:00:02 configure libfoo:amd64 1.0-1 <none>
2026-03-01 10:00:02 upgrade bar:all 1.0 1.1
not a line of dpkg

2026-03-01 10:00:03 install baz:amd64 <none> 2:3
END
LOG=$dir/dpkg.log
export LOG
example 01 0
unset LOG
gives package-activity.ndjson <<'END'
{"action":"install","n":2}
{"action":"configure","n":1}
{"action":"upgrade","n":1}
END
point "$conf prints the same" cmp <(sort "$dir/stdout") - <<'END'
action=configure n=1
action=install n=2
action=upgrade n=1
END
refuses package-activity.broken.ndjson <<'END'
parsed decode 
parsed timestamp not a line of dpkg
END

example 02 0
gives any-log.ndjson <<'END'
{"level":"error","n":2}
{"level":"other","n":4}
{"level":"warning","n":2}
END

example 03 0
gives failed.ndjson <<'END'
{"id":2,"url":"/cart","status":404,"bytes":312,"class":"client","site":"shop.example"}
{"id":3,"url":"/pay","status":502,"bytes":0,"class":"server","site":"shop.example"}
{"id":4,"url":"/metrics","status":403,"bytes":17,"class":"client","site":"unknown"}
{"id":6,"url":"/img/ü.png","status":500,"bytes":-1,"class":"server","site":"shop.example"}
END
refuses broken.ndjson <<'END'
parsed decode {"id":5,"host":"shop.example","path":"/img/ü.png","status":200,"bytes":80412
END

example 04 0
python "$conf routes each line by what happened" <<'END'
import json, os
def agents(name):
    with open(f"{os.environ['OUT']}/{name}.ndjson") as f:
        return [(r["status"], r.get("user")) for r in map(json.loads, f)]
assert agents("failed") == [(503, "-")]
assert agents("denied") == [(403, "alice")]
assert agents("bots") == [(200, "-")]
assert sorted(agents("rest")) == [(200, "-"), (304, "-")]
END
refuses broken.ndjson <<'END'
parsed decode this line is not from a web server
END

example 05 0
gives items.ndjson <<'END'
{"order":1,"customer":"ada","item":{"sku":"A1","n":2}}
{"order":1,"customer":"ada","item":{"sku":"B7","n":1}}
{"order":5,"customer":"eve","item":{"sku":"A1","n":1}}
END
refuses dead-letters.ndjson <<'END'
items schema {"order":3,"customer":"cyd","items":"none"}
parsed decode {"order":4,"customer":"dan","items":[{"sku":"C3","n":1}]
END

example 07 0
gives large.ndjson <<'END'
{"city":"Tokyo","country":"Japan","population":13960000,"note":"largest, by far"}
{"city":"Lagos","country":"Nigeria","population":15388000,"note":"said \"to grow\" fast"}
END
point "$conf gives large.csv" cmp "$OUT/large.csv" - <<'END'
city,population
Tokyo,13960000
Lagos,15388000
END
point "$conf has nothing to refuse" test ! -s "$OUT/dead-letters.ndjson"

# Held to the records themselves, added up by somebody else.
example 08 0
"$WEIR" run --quiet -e 'generate seed=42 count=1000000 keys=100 skew=1.0 | stdout' \
	>"$dir/records"
python "$conf gives the counts and sums of its records" <<'END'
import json, os, re
n, total = {}, {}
with open(os.environ["OUT"] + "/../records") as f:
    for line in f:
        key, value = re.search(r'"key":"(k\d+)".*"value":(\d+)', line).groups()
        n[key] = n.get(key, 0) + 1
        total[key] = total.get(key, 0) + int(value)
with open(os.environ["OUT"] + "/totals.ndjson") as f:
    got = [json.loads(line) for line in f]
assert len(got) == len(n) == 100 and sum(n.values()) == 1000000
assert {r["key"]: r["n"] for r in got} == n
assert {r["key"]: r["value"] for r in got} == total
END

# background NN - one that runs until it is told to stop.
background()
{
	conf=$(echo configs/"$1"-*.conf)
	"$WEIR" run --quiet "$conf" >"$dir/stdout" 2>"$dir/log" &
	weir_pid=$!
}

rm -rf "$OUT"
mkdir "$OUT"
PORT=$(free_port)
export PORT
background 06
# As `logger` sends (RFC 3164 and 5424), one kernel emergency, one that is
# not syslog.
cat >"$dir/messages" <<'END'
<13>Mar  1 10:00:00 host user: hello
<13>1 2026-03-01T10:00:00.123456+00:00 host app 42 - - world
<2>Mar  1 10:00:01 host kernel: on fire
no priority
END
within python3 -c 'import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(open(sys.argv[2], "rb").read())' "$PORT" "$dir/messages"
within holds "$OUT/dead-letters.ndjson" 1
within holds "$OUT/urgent.ndjson" 1
point "$conf ends with 0" exits 0 stop
python "$conf sorts what came, and packs it" <<'END'
import glob, json, os, subprocess
out = os.environ["OUT"]
packed = glob.glob(out + "/messages-*.ndjson.zst")
assert len(packed) == 1, os.listdir(out)
text = subprocess.run(["zstd", "-dcq", *packed], capture_output=True, check=True)
assert [json.loads(line)["message"] for line in text.stdout.splitlines()] == ["hello", "world"]
with open(out + "/urgent.ndjson") as f:
    assert [json.loads(line)["message"] for line in f] == ["on fire"]
END
refuses dead-letters.ndjson <<'END'
parsed decode no priority
END

rm -rf "$OUT"
mkdir "$OUT" "$dir/logs"
LOGS="$dir/logs/*.log"
export LOGS
numbers 1 500 >"$dir/logs/a.log"
background 09
within lines "$OUT/followed.log" 500
numbers 501 600 >>"$dir/logs/a.log"
numbers 601 700 >"$dir/logs/b.log"
point "$conf sees new lines and new files" within lines "$OUT/followed.log" 700
point "$conf ends with 0" exits 0 stop
numbers 701 800 >>"$dir/logs/b.log"
background 09
within lines "$OUT/followed.log" 800
stop
point "$conf goes on where it stopped: nothing is missing or doubled" \
	each_once "$OUT/followed.log" 1 800
finish
