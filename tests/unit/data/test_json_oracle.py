#!/usr/bin/env python3
"""test_json_oracle.py - our JSON and Python's agree on thousands of random
documents, and on what is no JSON at all."""
import json
import math
import os
import random
import struct
import subprocess
import sys

BUILD = os.environ.get("WEIR_BUILDDIR", ".")
CAT = os.environ.get("JSON_CAT", f"{BUILD}/tests/unit/data/test_json_cat")
SEED = int(os.environ.get("SEED", "20261123"))
DOCUMENTS = 4000

rng = random.Random(SEED)
ALPHABET = ['a', 'b', 'z', '0', ' ', '"', '\\', '/', '\n', '\t', '\x01',
            '\x1f', '\x7f', 'é', 'ß', '€', '語', '😀', '\u2028', '\ufeff']


def text():
    return "".join(rng.choice(ALPHABET) for _ in range(
        rng.choice([0, 1, 3, 7, 15, 16, 17, 31, 33, 70])))


def number():
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randrange(-1000, 1000)
    if kind == 1:
        return rng.choice([1, -1]) * rng.getrandbits(rng.randrange(1, 64))
    if kind == 2:
        return rng.getrandbits(64)
    if kind == 3:
        return round(rng.uniform(-1e4, 1e4), rng.randrange(0, 9))
    while True:
        d = struct.unpack("<d", rng.getrandbits(64).to_bytes(8, "little"))[0]
        if math.isfinite(d):
            return d


def value(depth):
    kind = rng.randrange(8 if depth else 5)
    if kind == 0:
        return rng.choice([True, False, None])
    if kind in (1, 2):
        return number()
    if kind in (3, 4):
        return text()
    if kind == 5:
        return [value(depth - 1) for _ in range(rng.randrange(5))]
    return {key(): value(depth - 1) for _ in range(rng.randrange(9))}


def key():
    return rng.choice(["id", "name", "status", "x", "a_long_key_of_some_kind",
                       "and_one_that_is_longer_than_what_is_remembered_of_it",
                       text()])


def write(doc):
    if rng.randrange(2):
        return json.dumps(doc, ensure_ascii=rng.random() < .5)
    return json.dumps(doc, ensure_ascii=rng.random() < .5,
                      separators=(",", ":"))


def damage(line):
    """A document with a byte or two changed; often no document any more."""
    raw = bytearray(line.encode())
    for _ in range(rng.randrange(1, 3)):
        at = rng.randrange(len(raw) + 1)
        what = rng.randrange(3)
        if what == 0 and at < len(raw):
            del raw[at]
        elif what == 1:
            raw.insert(at, rng.choice(b'{}[]",:\\0123456789.eE+-tfn\x00\x1f\x80\xc3 '))
        elif at < len(raw):
            raw[at] = rng.choice(b'{}[]",:\\0123456789.eE+-tfn\x00\x1f\x80\xc3 ')
    return bytes(raw).replace(b"\n", b" ")


def refuse(word):
    raise ValueError(word)


def judge(raw):
    """(True, value) or (False, None), by RFC 8259 and our stated limits."""
    try:
        doc = json.loads(raw.decode(), parse_constant=refuse)
        broken = any_broken(doc)
    except (ValueError, RecursionError):
        return False, None
    return not broken, doc


def any_broken(doc):
    """What Python takes and we promise to refuse."""
    if isinstance(doc, str):
        return any(0xd800 <= ord(c) <= 0xdfff for c in doc)
    if isinstance(doc, float):
        return math.isinf(doc)
    if isinstance(doc, int) and not isinstance(doc, bool):
        return abs(doc) > 1 << 1024
    if isinstance(doc, list):
        return any(any_broken(x) for x in doc)
    if isinstance(doc, dict):
        return any(any_broken(k) or any_broken(v) for k, v in doc.items())
    return False


def same(a, b):
    """Equal with type and order; an int beyond 64 bits has become a float."""
    if isinstance(a, int) and not isinstance(a, bool) and \
            not -(1 << 63) <= a < 1 << 64:
        a = float(a)
    if isinstance(a, int) and a == 0 and isinstance(b, float):
        return math.copysign(1, b) < 0    # the text was "-0"
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b


def run(lines, *args):
    done = subprocess.run([CAT, *args], input=b"\n".join(lines) + b"\n",
                          stdout=subprocess.PIPE, check=True)
    out = done.stdout.split(b"\n")[:-1]
    assert len(out) == len(lines), (len(out), len(lines))
    return out


def compare(lines, *args):
    """(how many were taken, how many refused, the first that differs)"""
    taken = refused = 0
    for raw, out in zip(lines, run(lines, *args)):
        ok, doc = judge(raw)
        if ok != (not out.startswith(b"!")):
            return taken, refused, (raw, out)
        if not ok:
            refused += 1
            continue
        taken += 1
        if not same(doc, json.loads(out)["v"]):
            return taken, refused, (raw, out)
    return taken, refused, None


def main():
    good = [write(value(4)) for _ in range(DOCUMENTS)]
    lines = [g.encode() for g in good]
    bad = [damage(g) for g in good if g]
    number_of = 0
    print("1..4")
    for title, what, args in (
            ("random documents read as Python reads them", lines, ()),
            ("also by a decoder that knows them", lines, ("--twice",)),
            ("damaged documents are taken or refused alike", bad, ()),
            ("also by a decoder that knows them", bad, ("--twice",))):
        taken, refused, wrong = compare(what, *args)
        number_of += 1
        enough = taken > DOCUMENTS / 100 and (what is lines or refused > 500)
        ok = wrong is None and enough
        print(f"{'ok' if ok else 'not ok'} {number_of} - {title}"
              f" ({taken} taken, {refused} refused)")
        if not ok:
            print(f"# seed {SEED}: {wrong}")
    sys.stdout.flush()


main()
