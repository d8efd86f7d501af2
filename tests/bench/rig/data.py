# data.py - the folder on the RAM disk: tools, data, and what the outputs must be.
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

MARK = ".weir-bench"
TOOLS = ("gen", "check", "scan", "send", "drain", "measure")
CFLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra")


class Trouble(Exception):
    """What stops the whole rig."""


class Folder:
    """Ours alone: made or found with our mark in it, locked, removed at the end."""

    def __init__(self, path, size, keep):
        self.path = Path(path)
        self.size = size
        self.keep = keep
        self.tools = self.path / "tools"
        self.log = self.path / "access.log"
        self.ndjson = self.path / "access.ndjson"
        self.work = self.path / "work"
        self.oracle = {}
        self.counts = {}

    def open(self):
        self.path.mkdir(parents=True, exist_ok=True)
        if any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise Trouble(f"{self.path}: holds files that are not the rig's; "
                          "name a new folder with --dir")
        self.lock = open(self.path / MARK, "w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            raise Trouble(f"{self.path}: another run is using it; "
                          "wait or name another folder with --dir") from None
        free = shutil.disk_usage(self.path).free
        if free < self.size * 9 // 2:
            self.close()
            raise Trouble(f"{self.path}: {free // 1000000} MB free, but the data and outputs of "
                          f"--size {self.size // 1000000}M take {self.size * 9 // 2000000} MB")

    def close(self):
        if self.keep:
            shutil.rmtree(self.work, ignore_errors=True)
        else:
            shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()

    def fresh(self):
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        return self.work


def compile_tools(folder, bench):
    folder.tools.mkdir(exist_ok=True)
    compiler = os.environ.get("CC", "cc").split()
    for tool in TOOLS:
        argv = [*compiler, *CFLAGS, "-o", folder.tools / tool, bench / "tools" / f"{tool}.c"]
        done = subprocess.run(argv, capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"cannot compile {tool}.c:\n{done.stderr}")


def generate(folder, what, path):
    with open(path, "wb") as f:
        subprocess.run([folder.tools / "gen", what, str(folder.size)], stdout=f, check=True)


def checksum(folder, kind, path):
    """(records, strict sum, loose sum, lines that are no record)"""
    done = subprocess.run([folder.tools / "check", kind, path], capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"check {path}: {done.stderr.strip()}")
    count, strict, loose, bad = done.stdout.split()
    return int(count), strict, loose, int(bad)


def prepare(folder, works):
    """Generates the data, and for every work the sum its output must have."""
    generate(folder, "log", folder.log)
    generate(folder, "ndjson", folder.ndjson)
    for name, path in (("log", folder.log), ("ndjson", folder.ndjson)):
        done = subprocess.run([folder.tools / "scan", path], capture_output=True, text=True,
                              check=True)
        folder.counts[name] = int(done.stdout)
    for work in works:
        if work.oracle == "input":
            folder.oracle[work.name] = checksum(folder, "lines", folder.ndjson)
        elif work.oracle:
            path = folder.path / "oracle"
            generate(folder, work.oracle, path)
            folder.oracle[work.name] = checksum(folder, "json", path)
            path.unlink()
