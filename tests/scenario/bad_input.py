"""bad_input.py - what cannot be processed is kept with the reason and all its
bytes, and everything else flows."""
import base64
import gzip
import json
import os
import random
import socket
import struct
import subprocess
import zlib

from scenario import (PATIENCE, SANITIZED, Weir, config, finish, fresh, log,
                      point, records, run, skip, within)

PLUGINS = os.environ["WEIR_TEST_PLUGIN_PATH"]
MOST = 65536  # max_record


def pipeline(decode="json", more="", output=None):
    output = output or 'plugin = "file"; path = "out"'
    config(f'''
        lanes = 2; memory = "16MiB";
        inputs: {{ in_: {{ plugin = "file"; path = "in*"; at_end = "stop";
            decode = "{decode}"; max_record = {MOST}; {more} }}; }};
        outputs: {{ out: {{ {output}; from = "in_"; }};
            dead: {{ plugin = "file"; from = [ "in_.errors", "out.errors" ];
                path = "dead"; }}; }};
    ''')


def write(data, name="in"):
    with open(name, "wb") as f:
        f.write(data)


def original(letter):
    """The bytes that a dead letter was made of."""
    text = letter["original"]
    if letter["original_encoding"] == "base64":
        return base64.b64decode(text, validate=True)
    assert letter["original_encoding"] == "utf-8"
    return text.encode()


def letters(**want):
    """The dead letters; all have these members, and a time and a message."""
    dead = records("dead")
    for letter in dead:
        assert {key: letter[key] for key in want} == want, letter
        assert letter["message"] and letter["time"].startswith("20")
        assert letter["pipeline"] == "scenario"
    return dead


def refused(bad, kind="decode", code=1):
    """Good lines between bad ones: the good arrive, the bad are kept."""
    fresh()
    pipeline()
    good = [b'{"i":%d}' % i for i in range(len(bad) + 1)]
    lines = [good[0]]
    for b, g in zip(bad, good[1:]):
        lines += [b, g]
    write(b"\n".join(lines) + b"\n")
    run()
    with open("out", "rb") as out:
        assert out.read() == b"\n".join(good) + b"\n"
    dead = letters(**{"class": kind}, code=code, stage="in_", plugin="file",
                   kind="input")
    assert [original(d) for d in dead] == bad, [original(d) for d in dead][:9]


@point("malformed JSON is kept as it was")
def _():
    refused([b"{", b"}", b'{"a":}', b'{"a":1,}', b'{"a" 1}', b"nonsense",
             b'{"a":"\x01"}', b'{"a":"\\q"}', b'{"a":"\\ud800"}', b"[1",
             b'{"a":1}{', b'{"a":01}', b'{"a":+1}', b'{"a":1e}', b'"', b"{'a':1}"])


@point("invalid UTF-8 is kept byte by byte")
def _():
    refused([b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}', b'{"a":"\xed\xa0\x80"}',
             b'{"a":"\xf4\x90\x80\x80"}', b'{"\xe2\x82":1}', b"\xfe\xfe"])


@point("NaN, infinities and numbers that nothing holds are refused")
def _():
    refused([b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":nan}',
             b'{"a":1e999}', b'{"a":-1e999}'])


@point("large numbers that fit arrive as they are")
def _():
    fresh()
    pipeline()
    line = b'{"a":18446744073709551615,"b":-9223372036854775808,"c":1e308}\n'
    write(line)
    run()
    assert records("out") == [json.loads(line)]


@point("nesting of 30,000 levels is refused, and costs nothing")
def _():
    deep = b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    refused([deep, b"[" * 60_000, b'{"a":' * 12_000])


@point("100,000 random damages of good JSON: no record is lost or doubled")
def _():
    fresh()
    pipeline()
    dice = random.Random(5)
    count = 5_000 if SANITIZED else 100_000
    lines = []
    for i in range(count):
        line = bytearray(b'{"i":%d,"s":"\xc3\xa4\\n","l":[1,2.5,null,true,{}]}' % i)
        at = dice.randrange(len(line))
        line[at] = dice.choice([b for b in range(256) if b not in b"\n\r"])
        lines.append(bytes(line))
    write(b"\n".join(lines) + b"\n")
    summary = run()
    dead = letters(**{"class": "decode"})
    assert summary["in_records"] == count
    assert len(records("out")) + len(dead) == count
    there = set(lines)
    assert all(original(d) in there for d in dead)


@point("a line of 64 MiB leaves in pieces whose bytes are the line")
def _():
    fresh()
    pipeline("none", output='plugin = "file"; path = "out"; encode = "raw"')
    long = random.Random(3).randbytes(1 << 20).replace(b"\n", b"x")
    long = b"<" + long * (4 if SANITIZED else 64) + b">"
    write(b"before\n" + long + b"\nafter\n")
    run()
    with open("out", "rb") as out:
        assert out.read() == b"before\nafter\n"
    dead = letters(**{"class": "too_large"}, code=2)
    assert len(dead) >= len(long) // MOST
    got = b"".join(original(d) for d in dead)
    assert got.rstrip(b"\n") == long, (len(got), len(long))


def packed(data):
    fresh()
    pipeline("none", output='plugin = "file"; path = "out"; encode = "raw"')
    write(data, "in1.gz")
    write(b"the next file\n", "in2")
    run()
    with open("out", "rb") as out:
        return out.read().splitlines(), letters(stage="in_")


LINES = [b"line %d %d" % (i, zlib.crc32(b"%d" % i)) for i in range(20_000)]


@point("a torn gzip file gives what could be read, and a letter; the next goes on")
def _():
    whole = gzip.compress(b"\n".join(LINES) + b"\n")
    got, dead = packed(whole[:len(whole) // 2])
    assert got[-1] == b"the next file" and len(got) > 1000
    assert got[:-1] == LINES[:len(got) - 1]
    assert any("in1.gz" in d["message"] for d in dead), dead


@point("a gzip file with a flipped bit is told of; the next goes on")
def _():
    bad = bytearray(gzip.compress(b"\n".join(LINES) + b"\n"))
    bad[-8] ^= 1  # its checksum
    got, dead = packed(bytes(bad))
    assert got[-1] == b"the next file" and len(dead) == 1
    assert "in1.gz" in dead[0]["message"]


@point("a followed file that shrinks is read from its beginning")
def _():
    fresh()
    config('''
        inputs: { in_: { plugin = "file"; path = "in"; poll = "20ms"; scan_every = "50ms"; }; };
        outputs: { out: { plugin = "file"; from = "in_"; path = "out"; encode = "raw"; }; };
    ''')
    write(b"one\ntwo\nthree\n")
    weir = Weir()
    within(lambda: os.path.exists("out") and os.path.getsize("out") == 14)
    write(b"new\n")
    within(lambda: os.path.getsize("out") == 18)
    weir.stop()
    with open("out", "rb") as out:
        assert out.read() == b"one\ntwo\nthree\nnew\n"


@point("a TCP client that resets in mid-record: what it sent is kept")
def _():
    fresh()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config(f'''
        inputs: {{ net: {{ plugin = "tcp"; listen = "127.0.0.1:{port}"; }}; }};
        outputs: {{ out: {{ plugin = "file"; from = "net"; path = "out"; encode = "raw"; }};
            dead: {{ plugin = "file"; from = "net.errors"; path = "dead"; }}; }};
    ''')
    weir = Weir()

    def connect():
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except ConnectionRefusedError:
            return None

    rude = within(connect)
    rude.sendall(b"whole\nhalf a rec")
    within(lambda: os.path.exists("out") and os.path.getsize("out") == 6)
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    rude.close()
    polite = connect()
    polite.sendall(b"another\nwithout its newline")
    polite.close()
    within(lambda: os.path.getsize("out") == 34 and records("dead"))
    weir.stop()
    dead = records("dead")
    assert [d["original"] for d in dead] == ["half a rec"]
    assert dead[0]["class"] == "decode" and dead[0]["stage"] == "net"
    with open("out") as out:
        assert sorted(out.read().splitlines()) == [
            "another", "whole", "without its newline"]


@point("an output that refuses one record of a batch takes all the others")
def _():
    fresh()
    pipeline(output=f'plugin = "{PLUGINS}/output_picky.so"; path = "out"')
    bad = {3, 77, 4_999}
    write(b"".join(b'{"i":%d,"bad":%s}\n' % (i, b"true" if i in bad else b"false")
                   for i in range(5_000)))
    run()
    assert [r["i"] for r in records("out")] == [i for i in range(5_000) if i not in bad]
    dead = letters(code=1001, stage="out", kind="output", plugin="picky",
                   message="the target does not take this one", **{"class": "rejected"})
    assert [json.loads(original(d))["i"] for d in dead] == sorted(bad)
    assert [d["record"] for d in dead] == [{"i": i, "bad": True} for i in sorted(bad)]


@point("what nobody keeps is counted, and the run ends with 4")
def _():
    fresh()
    config('''
        inputs: { in_: { plugin = "file"; path = "in"; at_end = "stop"; decode = "json"; }; };
        outputs: { out: { plugin = "file"; from = "in_"; path = "out"; }; };
    ''')
    write(b'{"a":1}\n{\n{"a":2}\n')
    summary = run(code=4)
    assert summary["unkept_records"] == summary["refused_records"] == 1
    assert "connect in_.errors" in log()
    assert records("out") == [{"a": 1}, {"a": 2}]


def mounted(story):
    """The story on a small file system of its own: needs root."""
    def run_story():
        fresh()
        os.mkdir("disk")
        try:
            story()
        finally:
            subprocess.run(["umount", "disk"], check=False)
    return run_story


DISK = '''
    inputs: { in_: { plugin = "file"; path = "in"; at_end = "stop"; }; };
    outputs: { out: { plugin = "file"; from = "in_"; path = "disk/out"; encode = "raw";
        retry: { base = "10ms"; cap = "50ms"; }; breaker: { failures = 0; }; }; };
'''


def can_mount():
    os.mkdir("try")
    done = subprocess.run(["mount", "-t", "tmpfs", "none", "try"],
                          capture_output=True, check=False).returncode == 0
    if done:
        subprocess.run(["umount", "try"], check=True)
    return done


fresh()
FULL = "a full disk is waited for, and nothing is lost"
READ_ONLY = "a target that cannot be written is refused before anything is read"
if can_mount():
    @point(FULL)
    @mounted
    def _():
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", "disk"], check=True)
        config(DISK)
        with open("disk/filler", "wb") as f:
            f.write(b"x" * 900_000)
        write(b"".join(b"line %d\n" % i for i in range(50_000)))
        weir = Weir()
        within(lambda: "No space left" in log())
        os.unlink("disk/filler")
        weir.ended()
        with open("in", "rb") as a, open("disk/out", "rb") as b:
            assert a.read() == b.read()

    @point(READ_ONLY)
    @mounted
    def _():
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", "disk"], check=True)
        config(DISK)
        write(b"x\n")
        run(code=2)
        assert "disk/out" in log() and "Read-only file system" in log(), log()
else:
    skip(FULL, "mounting needs root")
    skip(READ_ONLY, "mounting needs root")
fresh()
finish()
