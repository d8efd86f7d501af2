"""lanes.py - the result does not depend on the number of lanes."""
import collections
import json
import os

from scenario import SANITIZED, config, finish, fresh, point, records, run

COUNT = 20_000 if SANITIZED else 200_000
LANES = (1, 2, 8)
ERROR = '{"n":'  # what every 100th line lacks


def source():
    """The input, computed by generate and made to fail here and there."""
    config(f'''
        inputs: {{ load: {{ plugin = "generate"; seed = 7; count = {COUNT};
            keys = 50; skew = 1.2; duplicates = 0.2; }}; }};
        outputs: {{ out: {{ plugin = "file"; from = "load"; path = "source"; }}; }};
    ''')
    run("--lanes", "1")
    made = records("source")
    os.rename("source", "made")
    with open("source", "w") as f:
        for r in made:
            f.write(ERROR if r["n"] % 100 == 99 else json.dumps(r))
            f.write("\n")
    return made


made = source()
good = [r for r in made if r["n"] % 100 != 99]


@point("the source has a known size, skewed keys and duplicates")
def _():
    assert [r["n"] for r in made] == list(range(COUNT))
    keys = collections.Counter(r["key"] for r in made)
    assert len(keys) == 50 and keys.most_common()[0][1] > COUNT / 10
    assert len({r["id"] for r in made}) < COUNT * 0.85


STATELESS = '''
    memory = "8MiB";
    inputs: { lines: { plugin = "file"; path = "source"; at_end = "stop"; }; };
    transforms: {
        parsed: { plugin = "parse_json"; from = "lines"; };
        some: { plugin = "filter"; from = "parsed"; where = "value % 3 != 0"; };
        by: { plugin = "route"; from = "some";
              routes: { low = "value < 300000"; mid = "value < 700000"; }; };
    };
    outputs: {
        low: { plugin = "file"; from = "by.low"; path = "low"; };
        mid: { plugin = "file"; from = "by.mid"; path = "mid"; };
        high: { plugin = "file"; from = "by.else"; path = "high"; };
        dead: { plugin = "file"; from = "parsed.errors"; path = "dead"; };
    };
'''


def check_stateless():
    some = [r for r in good if r["value"] % 3]
    want = {
        "low": [r for r in some if r["value"] < 300000],
        "mid": [r for r in some if 300000 <= r["value"] < 700000],
        "high": [r for r in some if r["value"] >= 700000],
    }
    for name, expected in want.items():
        assert records(name) == expected, name  # all of it, in order
    dead = records("dead")
    assert len(dead) == COUNT - len(good)
    assert {d["original"] for d in dead} == {ERROR}


KEYED = '''
    memory = "8MiB";
    inputs: { lines: { plugin = "file"; path = "source"; at_end = "stop"; decode = "json"; }; };
    transforms: {
        totals: { plugin = "count"; from = "lines"; key = [ "key" ]; sum = [ "value" ]; };
        pairs: { plugin = "count"; from = "lines"; key = [ "key", "user" ]; };
        users: { plugin = "count"; from = "pairs"; key = [ "key" ]; };
    };
    outputs: {
        t: { plugin = "file"; from = "totals"; path = "totals"; };
        u: { plugin = "file"; from = "users"; path = "users"; };
        dead: { plugin = "file"; from = "lines.errors"; path = "dead"; };
    };
'''


def check_keyed():
    count = collections.Counter(r["key"] for r in good)
    total = collections.Counter()
    users = collections.defaultdict(set)
    for r in good:
        total[r["key"]] += r["value"]
        users[r["key"]].add(r["user"])
    got = records("totals")
    assert len(got) == len(count)
    assert {r["key"]: r["n"] for r in got} == count
    assert {r["key"]: r["value"] for r in got} == total, "sums"
    # A count behind a count: all that the first one gave reached the second.
    assert {r["key"]: r["n"] for r in records("users")} == {
        key: len(them) for key, them in users.items()}
    assert len(records("dead")) == COUNT - len(good)


def each(title, text, check):
    """The same config on every number of lanes, twice, held to the oracle."""
    for lanes in LANES:
        @point(f"{title} with {lanes} lane{'s' if lanes > 1 else ''}")
        def _(lanes=lanes):
            for _ in range(2):
                for name in os.listdir("."):
                    if name != "source":
                        os.unlink(name)
                config(text)
                summary = run("--lanes", str(lanes))
                assert summary["in_records"] == COUNT, summary
                check()


each("stateless stages give the same records in the same order",
     STATELESS, check_stateless)
each("keyed counts are the same", KEYED, check_keyed)
fresh()
finish()
