# report.py - from runs to medians, a table, a file.
import json
import os
import platform
from statistics import median

FIGURES = ("mb_per_s", "cpu_s_per_gb", "rss_mb", "wall_s")
BAD_FIRST = ("WRONG", "failed", "missing", "unsure", "types", "ok")


def summarise(runs):
    """One row of all the runs of a peer on a work; its state is its worst run's."""
    worst = min(runs, key=lambda r: BAD_FIRST.index(r["state"]))
    good = [r for r in runs if "mb_per_s" in r]
    row = {"peer": runs[0]["peer"], "work": runs[0]["work"], "runs": len(good),
           "state": worst["state"], "why": worst["why"]}
    for figure in FIGURES:
        if good:
            row[figure] = median(r[figure] for r in good)
    if good:
        speeds = [r["mb_per_s"] for r in good]
        row["spread"] = (max(speeds) - min(speeds)) / row["mb_per_s"]
    return row


def counts(row):
    """Whether a row's figures may be compared with others'."""
    return row is not None and "mb_per_s" in row and row["state"] in ("ok", "types", "unsure")


def amount(x):
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def ratio(weir, row):
    if row["peer"].startswith("weir") or not counts(weir) or not counts(row):
        return ""
    return f"{amount(weir['mb_per_s'] / row['mb_per_s'])} x"


def remark(row, note):
    words = [note] if note else []
    if 0 < row.get("runs", 0) < row.get("asked", 0):
        words.append("1 run" if row["runs"] == 1 else f"{row['runs']} runs")
    if row["state"] != "ok":
        words.append(f"{row['state']}: {row['why']}" if row["why"] else row["state"])
    return "; ".join(words)


def line(row, weir, note):
    if "mb_per_s" not in row:
        return (f"  {row['peer']:<24} {'-':>8} {'-':>9} {'-':>8} {'-':>7} {'':>7}  "
                + remark(row, note))
    return (f"  {row['peer']:<24} {amount(row['mb_per_s']):>8} {amount(row['cpu_s_per_gb']):>9} "
            f"{amount(row['rss_mb']):>8} {row['spread'] * 100:>5.0f} % {ratio(weir, row):>7}  "
            + remark(row, note))


def table(work, rows, notes):
    """The rows of a work, fastest first, limits on top, what did not run at the bottom."""
    weir = next((r for r in rows if r["peer"] == "weir"), None)
    print(f"\n{work.name}  {work.title}")
    print(f"  {'':<24} {'MB/s':>8} {'CPU s/GB':>9} {'RSS MB':>8} {'spread':>7} {'weir is':>7}")

    def place(row):
        return ("mb_per_s" not in row, not row["peer"].startswith("limit"), -row.get("mb_per_s", 0))

    for row in sorted(rows, key=place):
        print(line(row, weir, notes.get((row["peer"], work.name), "")))
    lanes(rows)


def lanes(rows):
    """What the second lane brings, against both meanings of one lane."""
    by_name = {r["peer"]: r for r in rows}
    two = by_name.get("weir")
    for name, what in (("weir, 1 lane", "2 lanes : 1 lane, not pinned"),
                       ("weir, 1 lane, 1 core", "2 lanes : 1 lane, whole process on one core")):
        one = by_name.get(name)
        if counts(two) and counts(one):
            print(f"  {what} = {two['mb_per_s'] / one['mb_per_s']:.2f}")


def cpu_name():
    try:
        with open("/proc/cpuinfo") as f:
            for text in f:
                if text.startswith("model name"):
                    return text.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def machine():
    return {"cpu": cpu_name(), "cores": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "load": os.getloadavg()[0]}


def write_json(path, about, rows, runs):
    with open(path, "w") as f:
        json.dump({**about, "rows": rows, "runs": runs}, f, indent=1)
        f.write("\n")
