"""scenario.py - what the scenarios in python share: a folder, a pipeline that
runs beside us, points of TAP, and waiting for a condition until a deadline."""
import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

WEIR = os.environ["WEIR"]
SANITIZED = bool(os.environ.get("WEIR_SANITIZERS"))
PATIENCE = 120 if SANITIZED else 30
folder = tempfile.mkdtemp(prefix="weir-scenario.")
_points = 0
_running = []


def _cleanup():
    for process in _running:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(folder, ignore_errors=True)


atexit.register(_cleanup)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
os.chdir(folder)


def point(title, todo=None):
    """A promise: holds when the decorated function, called at once, does not
    raise. With todo it is known not to hold yet, and why."""
    if todo:
        title += " # TODO " + todo

    def run(story):
        global _points
        _points += 1
        try:
            story()
            print(f"ok {_points} - {title}", flush=True)
        except Exception:  # pylint: disable=broad-except
            print(f"not ok {_points} - {title}")
            for line in traceback.format_exc().splitlines():
                print("#", line[:400])
            for line in log().splitlines()[-8:]:
                print("# weir said:", line[:400])
            sys.stdout.flush()
        return story
    return run


def skip(title, why):
    global _points
    _points += 1
    print(f"ok {_points} - {title} # SKIP {why}", flush=True)


def finish():
    print(f"1..{_points}")


def within(condition, seconds=PATIENCE):
    """Waits until the condition is true, and returns what it gave."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.02)


def fresh():
    """An empty folder for the next story."""
    for name in os.listdir("."):
        if os.path.isdir(name):
            shutil.rmtree(name)
        else:
            os.unlink(name)


def config(text):
    with open("weir.conf", "w") as f:
        f.write('pipeline = "scenario";\n' + text)


def log():
    if not os.path.exists("log"):
        return ""
    with open("log", errors="replace") as f:
        return f.read()


class Weir:
    """`weir run` beside us; .summary() is what it says about itself."""

    def __init__(self, *arguments, stdin=None, stdout=None):
        with open("log", "w") as said:
            self.process = subprocess.Popen(
                [WEIR, "run", "--json", *arguments, "weir.conf"],
                stdin=stdin, stdout=stdout, stderr=said)
        _running.append(self.process)

    def ended(self, code=0, seconds=PATIENCE * 2):
        """Waits for its end; the peak of its memory is noted on the way."""
        got = self.process.wait(seconds)
        assert got == code, f"exit code {got}, not {code}"
        return self.summary()

    def stop(self, code=0):
        self.process.send_signal(signal.SIGTERM)
        return self.ended(code)

    def kill(self):
        self.process.kill()
        self.process.wait()

    @staticmethod
    def summary():
        last = [line for line in log().splitlines() if line.startswith("{")]
        return json.loads(last[-1]) if last else None


def run(*arguments, code=0):
    return Weir(*arguments).ended(code)


def records(name):
    """The records of a file of NDJSON; none where there is no file."""
    if not os.path.exists(name):
        return []
    with open(name, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def helper(*arguments):
    """Another program beside us."""
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
    _running.append(process)
    return process
