"""memory.py - memory is bounded in bytes, whatever comes and whoever is slow.

The bound is what `weir check --json` says; what the process took is VmHWM."""
import gzip
import json
import os
import socket
import subprocess
import threading
import time

from scenario import (PATIENCE, SANITIZED, WEIR, Weir, config, finish, fresh,
                      point, records, skip, within)

LANES = "2"


def bound():
    """The bytes that the process may take, as weir says."""
    said = subprocess.run([WEIR, "check", "--json", "weir.conf"],
                          capture_output=True, check=True).stdout
    return json.loads(said)["plan"]["memory_bound_bytes"]


class Watched(Weir):
    """A run whose peak of memory is looked at until it has ended."""

    def __init__(self, *arguments, **files):
        self.most = bound()
        self.peak = 0
        super().__init__(*arguments, **files)
        self.watcher = threading.Thread(target=self.watch)
        self.watcher.start()

    def watch(self):
        while self.process.returncode is None:
            try:
                with open(f"/proc/{self.process.pid}/status") as f:
                    for line in f:
                        if line.startswith("VmHWM:"):
                            self.peak = int(line.split()[1]) * 1024
            except OSError:
                return
            time.sleep(0.005)

    def ended(self, code=0, seconds=PATIENCE * 2):
        summary = super().ended(code, seconds)
        self.watcher.join()
        assert self.peak, "its memory was not seen"
        print(f"# peak {self.peak >> 20} MiB of {self.most >> 20} MiB; "
              f"in flight {summary['peak_bytes'] >> 20} MiB")
        assert SANITIZED or self.peak <= self.most, \
            f"{self.peak} bytes, {self.peak - self.most} too many"
        return summary


def pipeline(memory, decode="none", output=None, more=""):
    """The file `in` to the file `out`."""
    output = output or 'plugin = "file"; path = "out"; encode = "raw"'
    config(f'''
        memory = "{memory}"; lanes = {LANES};
        inputs: {{ in_: {{ plugin = "file"; path = "in"; at_end = "stop";
            decode = "{decode}"; {more} }}; }};
        outputs: {{ out: {{ {output}; from = "in_"; }};
            dead: {{ plugin = "file"; from = "in_.errors"; path = "dead"; }}; }};
    ''')


def write(chunks):
    with open("in", "wb") as f:
        for chunk in chunks:
            f.write(chunk)


def same(a, b):
    assert subprocess.run(["cmp", a, b], check=False).returncode == 0


def size(full):
    return full // 16 if SANITIZED else full


def stalled(memory):
    """A pipe that nobody reads until weir waits; then all must come."""
    pipeline(memory, output='plugin = "stdout"; encode = "raw"')
    write(b"%d %s\n" % (i, b"x" * 90) for i in range(size(1_600_000)))
    reader, writer = os.pipe()
    run = Watched(stdout=writer)
    os.close(writer)
    before = [None]

    def waits():
        """It no longer uses the processor."""
        with open(f"/proc/{run.process.pid}/stat") as f:
            used = f.read().rsplit(")", 1)[1].split()[11:13]
        still, before[0] = used == before[0], used
        time.sleep(0.5)
        return still
    within(waits)
    with open("out", "wb") as out, os.fdopen(reader, "rb") as pipe:
        while chunk := pipe.read(1 << 20):
            out.write(chunk)
    run.ended()
    same("in", "out")


def tiny(memory):
    pipeline(memory)
    write([b"x\n" * size(8_000_000)])
    summary = Watched().ended()
    assert summary["out_records"] == size(8_000_000)
    same("in", "out")


def empty(memory):
    pipeline(memory, "json", 'plugin = "null"')
    write([b"{}\n" * size(4_000_000)])
    summary = Watched().ended()
    assert summary["out_records"] == size(4_000_000)


def large(memory):
    pipeline(memory, more='max_record = "2MiB"')
    write(b"%07d" % i + os.urandom(1).hex().encode() * ((1 << 19) - 4) + b"\n"
          for i in range(size(160)))
    Watched().ended()
    same("in", "out")


def members(memory):
    """Objects of many small members: much more memory than text."""
    pipeline(memory, "json", 'plugin = "file"; path = "out"')
    line = json.dumps({f"k{i}": i % 7 for i in range(60)},
                      separators=(",", ":")).encode() + b"\n"
    write([line * 1000] * size(150))
    Watched().ended()
    same("in", "out")


def names(memory):
    """Every record has field names that no other has."""
    pipeline(memory, "json", 'plugin = "file"; path = "out"')
    write(b'{"a%d":1,"b%d":2}\n' % (i, i) for i in range(size(1_500_000)))
    Watched().ended()
    same("in", "out")


def deep(memory):
    """As deep as json goes, and much deeper: refused, and all of it kept."""
    pipeline(memory, "json", 'plugin = "file"; path = "out"')
    fine = b'{"a":' * 20 + b"1" + b"}" * 20 + b"\n"
    worse = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    write([fine, worse] * size(160))
    Watched().ended()
    with open("out", "rb") as out:
        assert out.read() == fine * size(160)
    dead = records("dead")
    assert len(dead) == size(160)
    assert all(d["original"].encode() + b"\n" == worse for d in dead)


def packed(memory):
    """A small gzip file that is large inside."""
    pipeline(memory)
    with gzip.open("in", "wb", 1) as f:
        for _ in range(size(240)):
            f.write((b"y" * 1023 + b"\n") * 1024)
    summary = Watched().ended()
    assert summary["out_records"] == size(240) * 1024


def refused(memory):
    """Everything is a dead letter, which is larger than what was refused."""
    pipeline(memory, "json")
    line = b'{"text":"' + b"w" * 90 + b'"\n'
    write([line * size(160_000)])
    summary = Watched().ended()
    assert summary["refused_records"] == size(160_000)
    dead = records("dead")
    assert len(dead) == size(160_000)
    assert {d["original"].encode() + b"\n" for d in dead} == {line}


def refused_tiny(memory):
    """A dead letter of 1 byte is some hundred times as large."""
    pipeline(memory, "json")
    write([b"{\n" * size(600_000)])
    summary = Watched().ended()
    assert summary["refused_records"] == size(600_000)


def burst(memory):
    """Eight senders at once, and a receiver that sleeps until weir waits."""
    listener = socket.create_server(("127.0.0.1", 0))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config(f'''
        memory = "{memory}"; lanes = {LANES};
        inputs: {{ net: {{ plugin = "tcp"; listen = "127.0.0.1:{port}"; }}; }};
        outputs: {{ out: {{ plugin = "tcp"; from = "net"; encode = "raw";
            address = "127.0.0.1:{listener.getsockname()[1]}"; }}; }};
    ''')
    run = Watched()
    each = size(200_000)
    sent = [0]

    def connect():
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            return None

    def send(nth, peer):
        with peer, peer.makefile("wb") as to:
            for i in range(each):
                to.write(b"%d %d %s\n" % (nth, i, b"z" * 80))
                sent[0] += 1
    senders = [threading.Thread(target=send, args=(i, within(connect)))
               for i in range(8)]
    for sender in senders:
        sender.start()
    last = [0]

    def full():
        """Backpressure: nobody gets rid of anything."""
        still, last[0] = sent[0] and last[0] == sent[0], sent[0]
        time.sleep(0.5)
        return still
    within(full)
    got, rest, n = [-1] * 8, b"", 0
    peer, _ = listener.accept()
    peer.settimeout(PATIENCE)
    while n < 8 * each:
        lines = (rest + peer.recv(1 << 20)).split(b"\n")
        rest = lines.pop()
        for line in lines:
            nth, i, _ = line.split(b" ")
            assert got[int(nth)] + 1 == int(i), "not in a sender's order"
            got[int(nth)] += 1
            n += 1
    for sender in senders:
        sender.join()
    run.stop()
    assert got == [each - 1] * 8 and not rest


def seconds(memory):
    """How long six runs take in all."""
    config(f'''
        memory = "{memory}"; lanes = 1;
        inputs: {{ in_: {{ plugin = "file"; path = "in"; at_end = "stop"; }}; }};
        transforms: {{
            parsed: {{ plugin = "parse_json"; from = "in_"; }};
            by: {{ plugin = "route"; from = "parsed"; routes: {{ odd = "i % 2 == 1"; }}; }};
        }};
        outputs: {{ odd: {{ plugin = "file"; from = "by.odd"; path = "odd"; }};
            even: {{ plugin = "file"; from = "by.else"; path = "even"; }};
            dead: {{ plugin = "file"; from = "parsed.errors"; path = "dead"; }}; }};
    ''')
    return sum(Weir().ended()["seconds"] for _ in range(6))


fresh()


@point("little memory makes a run slower, but nobody sleeps while there is work")
def _():
    write(b'{"i":%d,"text":"%s"}\n' % (i, b"v" * 80) for i in range(size(200_000)))
    plenty = seconds("256MiB")
    little = seconds("8MiB")
    print(f"# {little:.2f} s instead of {plenty:.2f} s")
    assert little < 10 * plenty + 2


STORIES = {
    "a pipe that nobody reads": stalled,
    "records of 1 byte": tiny,
    "empty objects": empty,
    "records of 1 MiB": large,
    "objects of many small members": members,
    "names that occur once": names,
    "nesting": deep,
    "a gzip file that is large inside": packed,
    "nothing but dead letters": refused,
    "dead letters of 1 byte": refused_tiny,
    "a burst over TCP and a receiver that sleeps": burst,
}

for title, story in STORIES.items():
    for memory in ("8MiB", "64MiB"):
        fresh()

        @point(f"{title}: within the bound at {memory}, and all arrives")
        def _(story=story, memory=memory):
            story(memory)
if SANITIZED:
    skip("the bound itself", "sanitizers take memory of their own")
fresh()
finish()
