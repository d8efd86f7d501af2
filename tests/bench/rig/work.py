# work.py - what is asked of everybody, and what the result must be.
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    data: str           # "log" or "ndjson": the file that is read or sent
    oracle: str = ""    # gen's name of what is expected; "input": the input's lines; "": no output
    loose: bool = False  # a number may be a string: the input had no types
    tcp: bool = False
    slow: bool = False  # the output goes to a reader of limited speed
    lanes: bool = False  # also with one lane


WORKS = (
    Work("W1", "file -> null, raw lines", "log"),
    Work("W2", "NDJSON -> parse -> status >= 400 -> drop agent, add src -> NDJSON (2.2 % kept)",
         "ndjson", oracle="w2"),
    Work("W2b", "as W2, but every record passes", "ndjson", oracle="w2b", lanes=True),
    Work("W3", "combined log -> regex or parser -> NDJSON of every record", "log",
         oracle="w3", loose=True, lanes=True),
    Work("W5", "TCP, newline records -> file, unparsed", "ndjson", oracle="input", tcp=True),
    Work("W5slow", "as W5, but the output is read slowly (a FIFO): nothing may be lost", "ndjson",
         oracle="input", tcp=True, slow=True),
)


def judge(work, expected, got, output_size):
    """What is said of an output: ("ok" or "types" or "WRONG", why)."""
    count, strict, loose, bad = got
    if bad:
        return "WRONG", f"{bad} of {count} lines are no JSON object"
    if count != expected[0]:
        more = count - expected[0]
        return "WRONG", (f"{count} records instead of {expected[0]} ({more:+d}), "
                         f"{output_size} bytes")
    if strict == expected[1] or (work.loose and loose == expected[2]):
        return "ok", ""
    if loose == expected[2]:
        return "types", "numbers became strings"
    return "WRONG", f"{count} records, but not the right ones"
