#!/usr/bin/env python3
"""transforms.py - what each transform makes of a record: a stage, what goes in,
what comes out, and what is refused with which class and words."""
import json
import os
import subprocess
import sys
import tempfile

WEIR = os.environ["WEIR"]

# Each case: the stage in config syntax, an input line (JSON; a plain string is
# the text of `message`), what comes out (a list of records), and, when it is
# refused, (class, part of the message). Cases of one stage run together.
CASES = []


def stage(config, *cases, ports=()):
    CASES.append((config, ports, cases))


def refused(cls, words):
    return ("refused", cls, words)


stage('plugin = "parse_json";',
      ('{"a":1,"b":[true,null,"x"],"c":{"d":1.5}}',
       [{"a": 1, "b": [True, None, "x"], "c": {"d": 1.5}}]),
      ("{}", [{}]),
      ('{"a":1,"a":2}', [{"a": 2}]),
      ('{"big":9223372036854775807,"bigger":18446744073709551615}',
       [{"big": 9223372036854775807, "bigger": 18446744073709551615}]),
      ('{"a":"\\u00e4\\ud83d\\ude00"}', [{"a": "ä😀"}]),
      ("[1,2]", refused("decode", "not an object")),
      ('"text"', refused("decode", "not an object")),
      ('{"a":1', refused("decode", "byte 6")),
      ("", refused("decode", "")),
      ('{"a":NaN}', refused("decode", "byte 5")),
      ('{"a":1e999}', refused("decode", "")),
      ('{"a":1} x', refused("decode", "byte 8")),
      ("[" * 100000, refused("decode", "")))
stage('plugin = "parse_json"; into = "v";',
      ('[1,2]', [{"message": "[1,2]", "v": [1, 2]}]),
      ('null', [{"message": "null", "v": None}]),
      ('{', refused("decode", "")))
stage('plugin = "parse_json"; field = "nothing";',
      ('{"a":1}', refused("schema", "")))
stage('plugin = "parse_csv"; columns = [ "id", "name", "n" ];',
      ('1,"a, b",2.5', [{"id": 1, "name": "a, b", "n": 2.5}]),
      ('007,"say ""hi""",', [{"id": "007", "name": 'say "hi"', "n": ""}]),
      ("1,2", refused("decode", "2 columns where 3 are expected")),
      ("1,2,3,4", refused("decode", "4 columns")),
      ('1,"x,3', refused("decode", "not closed")))
stage('plugin = "parse_csv"; columns = [ "a", "b" ]; delimiter = ";"; '
      'types = "text"; into = "row";',
      ("1;x", [{"message": "1;x", "row": {"a": "1", "b": "x"}}]))
stage('plugin = "parse_logfmt";',
      ('at=info msg="it \\"works\\"" n=7 x=1.5 ok',
       [{"at": "info", "msg": 'it "works"', "n": 7, "x": 1.5, "ok": True}]),
      ("a=1 a=2", [{"a": 2}]),
      ("a=", [{"a": ""}]),
      ('a="open', refused("decode", "")))
stage('plugin = "parse_regex"; pattern = "^(?<k>[a-z]+)=(?<v>[0-9]+)?(?<rest> .*)?$"; '
      'types = { v = "int"; };',
      ("ab=12", [{"k": "ab", "v": 12, "rest": None}]),
      ("ab= x", [{"k": "ab", "v": None, "rest": " x"}]),
      ("12=ab", refused("decode", "does not match")),
      ("ab=99999999999999999999", refused("schema", "not an integer")))
stage('plugin = "parse_regex"; pattern = "(?<y>[0-9]{4})"; keep = true; '
      'unmatched = "pass";',
      ("in 2026", [{"message": "in 2026", "y": "2026"}]),
      ("no year", [{"message": "no year"}]))
stage('plugin = "parse_regex"; pattern = "(?<y>[0-9]{4})"; unmatched = "drop";',
      ("no year", []))
stage('plugin = "parse_regex"; pattern = "^(?<t>[^|]*)[|](?<x>.*)"; '
      'time = { field = "t"; format = "%Y-%m-%d %H:%M:%S"; };',
      ("2026-03-01 10:00:00|a", [{"t": "2026-03-01 10:00:00", "x": "a"}]),
      ("yesterday|a", refused("timestamp", '"yesterday" does not match')))
stage('plugin = "parse_regex"; pattern = "^(?<a>(x+)+)$"; match_limit = 1000;',
      ("x" * 40 + "!", refused("transform", "match_limit")))
stage('plugin = "parse_regex"; format = "combined";',
      ('192.0.2.1 - ann [01/Mar/2026:10:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200 - '
       '"-" "Agent \\"x\\""',
       [{"ip": "192.0.2.1", "ident": "-", "user": "ann",
         "time": "01/Mar/2026:10:00:00 +0000", "method": "GET", "path": "/a?b=1",
         "protocol": "HTTP/1.1", "status": "200", "bytes": "-", "referrer": "-",
         "agent": 'Agent \\"x\\"'}]),
      ("garbage", refused("decode", "does not match")))
stage('plugin = "parse_syslog";',
      ('<165>1 2003-10-11T22:14:15.003Z host app 12 ID47 [ex@1 k="v\\"w"][y] hi',
       [{"facility": "local4", "severity": "notice", "severity_code": 5,
         "time": "2003-10-11T22:14:15.003Z", "host": "host", "app": "app",
         "pid": "12", "msgid": "ID47", "sd": {"ex@1": {"k": 'v"w'}, "y": {}},
         "message": "hi"}]),
      ("<34>1 - - - - - -",
       [{"facility": "auth", "severity": "crit", "severity_code": 2, "time": None,
         "host": None, "app": None, "pid": None, "msgid": None, "sd": None,
         "message": ""}]),
      ("<999>x", refused("decode", "priority")),
      ("<34>1 2003-10-11T22:14:15Z h a p", refused("decode", "header")),
      ("<34>1 2003-99-11T22:14:15Z h a p m - x", refused("timestamp", "time")),
      ("<34>1 - - - - - [x k=1] x", refused("decode", "structured data")),
      ("hello", refused("decode", "neither a priority nor a time")))
stage('plugin = "filter"; where = "a >= 2 or a == null";',
      ({"a": 1}, []), ({"a": 2}, [{"a": 2}]), ({"a": 2.5}, [{"a": 2.5}]),
      ({"a": "2"}, []), ({"a": None}, []), ({}, []))
stage('plugin = "set"; set: { a = "(a ?? 0) + 1"; b = "a * 10"; c = "nothing"; '
      'd = "null"; };',
      ({"a": 1}, [{"a": 2, "b": 20, "d": None}]),
      ({}, [{"a": 1, "b": 10, "d": None}]),
      ({"c": "kept", "a": 1}, [{"c": "kept", "a": 2, "b": 20, "d": None}]))
stage('plugin = "set"; rename: { old = "new"; }; drop = "x";',
      ({"old": 1, "x": 2}, [{"new": 1}]),
      ({"old": 1, "new": 2, "y": 3}, [{"new": 1, "y": 3}]),
      ({"y": 1}, [{"y": 1}]), ({}, [{}]))
stage('plugin = "set"; set: { k = "\'v\'"; }; keep = [ "a", "k" ];',
      ({"a": 1, "b": 2}, [{"a": 1, "k": "v"}]), ({"b": 2}, [{"k": "v"}]))
stage('plugin = "split"; field = "l"; into = "e";',
      ({"l": [1, {"x": 2}], "k": "v"}, [{"k": "v", "e": 1}, {"k": "v", "e": {"x": 2}}]),
      ({"l": []}, []),
      ({"l": "text"}, refused("schema", "not a list")),
      ({"l": None}, refused("schema", "missing")),
      ({}, refused("schema", "missing")))
stage('plugin = "split"; field = "l"; spread = true;',
      ({"l": [{"x": 1}, 5], "k": "v"}, [{"x": 1}, {"l": 5, "k": "v"}]))
stage('plugin = "sample"; rate = 0;', ({"a": 1}, []), ({"a": 2}, []))
stage('plugin = "sample"; rate = 1;', ({"a": 1}, [{"a": 1}]))
stage('plugin = "route"; routes: { big = "n > 10"; even = "n % 2 == 0"; };',
      ({"n": 12}, [{"n": 12, "port": "big"}]), ({"n": 4}, [{"n": 4, "port": "even"}]),
      ({"n": 3}, [{"n": 3, "port": "else"}]), ({}, [{"port": "else"}]),
      ports=("big", "even", "else"))

folder = tempfile.mkdtemp(prefix="weir-transforms.")
points = sum(len(cases) for _, _, cases in CASES) + 2
print(f"1..{points}")
number = 0


def check(ok, title, why=""):
    global number
    number += 1
    print(f"{'ok' if ok else 'not ok'} {number} - {title}")
    if not ok:
        print("#", str(why)[:600])


def load(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run(config, ports, lines):
    """Runs the lines through the stage, one at a time in order, with a number
    beside each, and returns what came out and was refused, by number."""
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    with open(folder + "/in", "w", encoding="utf-8") as file:
        for line in lines:
            text = line if isinstance(line, str) else json.dumps(line)
            file.write(text + "\n")
    parse = any(not isinstance(line, str) for line in lines)
    outs = "".join(
        f'o_{p}: {{ plugin = "file"; from = "s.{p}"; path = "{folder}/{p}"; }};'
        for p in ports) or \
        f'out: {{ plugin = "file"; from = "s"; path = "{folder}/out"; }};'
    with open(folder + "/conf", "w", encoding="utf-8") as file:
        file.write(
            f'lanes = 1; inputs: {{ in: {{ plugin = "file"; path = "{folder}/in"; '
            f'at_end = "stop"; {"decode = %s;" % json.dumps("json") if parse else ""} }}; }};'
            f'transforms: {{ s: {{ from = "in"; {config} }}; }};'
            f'outputs: {{ {outs} dead: {{ plugin = "file"; '
            f'from = [ "in.errors", "s.errors" ]; path = "{folder}/dead"; }}; }};')
    got = subprocess.run([WEIR, "run", "--quiet", folder + "/conf"],
                         capture_output=True, text=True, timeout=60, check=False)
    out = load(folder + "/out")
    for p in ports:
        out += [dict(r, port=p) for r in load(f"{folder}/{p}")]
    return got, out, load(folder + "/dead")


for config, ports, cases in CASES:
    # One run per case: a line's results must not depend on its neighbours.
    for line, want in cases:
        got, out, dead = run(config, ports, [line])
        title = f"{config[:60]} of {str(line)[:50]}"
        if isinstance(want, tuple):
            text = line if isinstance(line, str) else json.dumps(line)
            ok = (not out and len(dead) == 1 and dead[0]["class"] == want[1]
                  and want[2] in dead[0]["message"]
                  and dead[0]["original"] == text and dead[0]["stage"] == "s")
        else:
            ok = out == want and not dead
        check(ok and got.returncode == 0, title, (got.stderr, out, dead))
    # And all of them in one batch give the same.
together = all(
    sorted(map(json.dumps, run(config, ports, [l for l, _ in cases])[1])) ==
    sorted(json.dumps(r) for _, want in cases if isinstance(want, list) for r in want)
    for config, ports, cases in CASES
    if len({isinstance(l, str) for l, _ in cases}) == 1)
check(together, "records of one batch do not disturb each other")

# A share is about a share, and the same one twice.
one = subprocess.run([WEIR, "run", "--quiet", "-e",
                      "generate count=20000 | sample 0.25 | stdout"],
                     capture_output=True, check=False).stdout
two = subprocess.run([WEIR, "run", "--quiet", "--lanes", "3", "-e",
                      "generate count=20000 | sample 0.25 key=id | stdout"],
                     capture_output=True, check=False).stdout
check(4500 < one.count(b"\n") < 5500 and 4500 < two.count(b"\n") < 5500,
      "sample keeps about the share that is asked for",
      (one.count(b"\n"), two.count(b"\n")))

subprocess.run(["rm", "-rf", folder], check=False)
sys.exit(0)
