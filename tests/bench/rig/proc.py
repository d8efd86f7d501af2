# proc.py - starts what is measured, knows when it is done, and leaves nothing running.
import os
import signal
import subprocess
import time

LIVE = []  # what would be left behind if the rig ended now


class Failed(Exception):
    """A run that does not count, with the reason."""


def end(process, patience=15.0):
    """Asks a process that we started to end, and makes sure."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in LIVE:
        LIVE.remove(process)


def end_all():
    for process in list(LIVE):
        end(process, 5.0)


def start(argv, **how):
    process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, **how)
    LIVE.append(process)
    return process


def first_lines(path, most=2):
    try:
        with open(path, errors="replace") as f:
            lines = [line.strip() for line in f if line.strip()]
    except OSError:
        return ""
    return " | ".join(lines[:most])[:300]


class Measured:
    """One command under tools/measure; see there for what it tells."""

    def __init__(self, tools, folder, argv, env=None, out="/dev/null", limit=900):
        self.result = folder / "result"
        self.err = folder / "stderr"
        self.argv0 = str(argv[0])
        self.process = start(
            [tools / "measure", self.result, out, self.err, limit, *argv],
            env={**os.environ, **(env or {})}, cwd=folder)
        self.launcher = self.process.pid

    def child(self):
        """The pid of the command itself, None when it is gone."""
        try:
            with open(f"/proc/{self.launcher}/task/{self.launcher}/children") as f:
                pids = f.read().split()
        except OSError:
            return None
        return int(pids[0]) if pids else None

    def running(self):
        return self.process.poll() is None

    def stop(self):
        if self.running():
            self.process.send_signal(signal.SIGTERM)

    def finish(self, asked=False):
        """Waits for the end; the figures. A failure of the command is one of the run."""
        self.process.wait()
        if self.process in LIVE:
            LIVE.remove(self.process)
        try:
            fields = self.result.read_text().split()
        except OSError:
            raise Failed("not measured: " + first_lines(self.err)) from None
        status = int(fields[0])
        if status == -signal.SIGTERM and not asked:
            raise Failed("took longer than its limit")
        if status != 0 and not (asked and status in (-signal.SIGTERM, 128 + signal.SIGTERM)):
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            raise Failed(f"{how}: {first_lines(self.err)}")
        start_s, end_s, user, system = map(float, fields[1:5])
        return {"start": start_s, "wall": end_s - start_s, "cpu": user + system,
                "rss_mb": int(fields[5]) / 1024, "read": int(fields[6])}


def cpu_ticks(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


def has_read(pid, size):
    try:
        with open(f"/proc/{pid}/io") as f:
            return int(f.readline().split()[1]) >= size
    except (OSError, ValueError, IndexError):
        return False


def wait_idle(run, size=0, still=0.3, patience=20.0):
    """Waits until a daemon has read "size" bytes and then does nothing any more.

    Returns the time when it last did something. That is told by its CPU time,
    because a daemon may hold the last bytes of its output until it is stopped.
    """
    ticks, since, last = None, time.monotonic(), time.time()
    while run.running():
        pid = run.child()
        now = cpu_ticks(pid) if pid else None
        if now != ticks:
            ticks, since, last = now, time.monotonic(), time.time()
        quiet = time.monotonic() - since
        if pid and quiet >= still and has_read(pid, size):
            return last
        if quiet >= patience:
            run.stop()
            run.process.wait()
            raise Failed(f"rests without having read its input: {first_lines(run.err)}")
        time.sleep(0.02)
    return None


def listening(port):
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table) as f:
                for line in f:
                    fields = line.split()
                    if fields[1].endswith(wanted) and fields[3] == "0A":
                        return True
        except OSError:
            pass
    return False


def wait_listening(run, port, patience=20.0):
    until = time.monotonic() + patience
    while not listening(port):
        if not run.running():
            run.finish()
            raise Failed("ended before it listened: " + first_lines(run.err))
        if time.monotonic() > until:
            run.stop()
            run.process.wait()
            raise Failed(f"does not listen on port {port} after {patience:.0f} s")
        time.sleep(0.01)
