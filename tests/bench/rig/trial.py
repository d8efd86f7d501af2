# trial.py - one run of one peer on one work: started, ended, judged.
import os
import socket
import subprocess
import time

from rig import data, proc, work as works
from rig.peers import Place


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def send(place, run):
    """Sends the input; the time when it began and when the receiver had it."""
    proc.wait_listening(run, place.port)
    begun = time.time()
    sender = proc.start([place.folder.tools / "send", place.port, place.input],
                        stderr=subprocess.PIPE, text=True)
    try:
        _, err = sender.communicate(timeout=600)
    except subprocess.TimeoutExpired:
        raise proc.Failed("the receiver did not take everything and close within 600 s") from None
    finally:
        proc.end(sender)
    if sender.returncode != 0:
        raise proc.Failed("sender: " + (err.strip() or f"exit status {sender.returncode}"))
    return begun, time.time()


def conduct(job, place, run):
    """Brings the run to its end; the figures of what counts."""
    begun = done = None
    if place.work.tcp:
        begun, done = send(place, run)
    if job.end == "idle":
        size = 0 if place.work.tcp else place.input.stat().st_size
        rested = proc.wait_idle(run, size)
        if rested is None:
            run.finish()
            raise proc.Failed("ended by itself: " + proc.first_lines(run.err))
        # CPU time is counted in steps of 10 ms: not before the sender was done
        done = max(rested, done or 0)
        run.stop()
    elif job.end == "term":
        run.stop()
    figures = run.finish(asked=job.end != "exit")
    if job.end == "idle":
        figures["wall"] = done - (begun or figures["start"])
    elif begun:
        figures["wall"] += figures["start"] - begun
    return figures


def look(place, figures, verdict):
    """Judges the output, and whether the input was read at all."""
    if not place.work.oracle:
        if figures["read"] < place.input.stat().st_size:
            verdict.update(state="unsure", why=f"asked read() for {figures['read']} bytes only")
        return
    out = place.dir / "drained" if place.work.slow else place.out
    if not out.exists():
        verdict.update(state="WRONG", why="wrote no output")
        return
    kind = "lines" if place.work.oracle == "input" else "json"
    got = data.checksum(place.folder, kind, out)
    expected = place.folder.oracle[place.work.name]
    state, why = works.judge(place.work, expected, got, out.stat().st_size)
    verdict.update(state=state, why=why, records=got[0])


def start_drain(place, rate):
    os.mkfifo(place.out)
    with open(place.dir / "drained", "wb") as f:
        return proc.start([place.folder.tools / "drain", place.out, rate], stdout=f)


def once(folder, peer, work, rate):
    """One run. Never raises for what the peer did: that is in the result."""
    place = Place(folder, work, folder.fresh(), free_port())
    result = {"peer": peer.name, "work": work.name, "state": "ok", "why": ""}
    run = drain = None
    try:
        if work.slow:
            drain = start_drain(place, rate)
        job = peer.job(place)
        run = proc.Measured(folder.tools, place.dir, job.argv, job.env, job.out or "/dev/null")
        figures = conduct(job, place, run)
        if drain:
            drain.wait(60)
        result["mb_per_s"] = place.input.stat().st_size / 1e6 / figures["wall"]
        result["cpu_s_per_gb"] = figures["cpu"] / (place.input.stat().st_size / 1e9)
        result["rss_mb"] = figures["rss_mb"]
        result["wall_s"] = figures["wall"]
        look(place, figures, result)
    except (proc.Failed, subprocess.TimeoutExpired) as e:
        result.update(state="failed", why=str(e))
    finally:
        for process in filter(None, (run and run.process, drain)):
            proc.end(process)
    return result
