# peers.py - who takes part, whether it is here, and the command for each work.
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PREFIX = Path(os.environ.get("WEIR_BENCH_PEERS") or
              Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "weir-bench")
MULTIARCH = "usr/lib/" + os.uname().machine + "-linux-gnu"


@dataclass
class Job:
    argv: list
    env: dict = field(default_factory=dict)
    out: str = ""       # what standard output goes to; "" is /dev/null
    # How it ends: "exit" by itself; "term" when asked, which is part of its
    # time; "idle": it is a daemon whose time ends when it has nothing to do.
    end: str = "exit"


@dataclass
class Place:
    """Where one run happens."""
    folder: object      # data.Folder
    work: object        # work.Work
    dir: Path           # fresh and empty
    port: int

    @property
    def input(self):
        return getattr(self.folder, self.work.data)

    @property
    def out(self):
        return self.dir / ("fifo" if self.work.slow else "out.ndjson")

    def template(self, name, **more):
        """A file of peers/ with @NAME@ replaced, written to the run's folder."""
        text = (BENCH / "peers" / name).read_text()
        values = {"IN": self.input, "OUT": self.out, "PORT": self.port, "WORK": self.dir,
                  "BENCH": BENCH, **more}
        text = re.sub(r"@([A-Z]+)@", lambda m: str(values[m[1]]), text)
        (self.dir / name).write_text(text)
        return self.dir / name


class Peer:
    name = ""
    works = ()
    is_limit = False

    def missing(self):
        """Why it can't take part, None when it can."""
        return None if shutil.which(self.name) else "not installed"

    def note(self, _work):
        return ""

    def job(self, place):
        raise NotImplementedError


class Limit(Peer):
    is_limit = True

    def __init__(self, name, work, argv, needs=None):
        self.name, self.works, self.argv, self.needs = name, (work,), argv, needs

    def missing(self):
        return None if not self.needs or shutil.which(self.needs) else f"{self.needs} not installed"

    def job(self, p):
        argv, out = self.argv(p)
        return Job(argv, out=out)


LIMITS = (
    Limit("limit: read + memchr", "W1", lambda p: ([p.folder.tools / "scan", p.input], "")),
    Limit("limit: cat > /dev/null", "W1", lambda p: (["cat", p.input], "")),
    Limit("limit: nc -l > file", "W5", lambda p: (["nc", "-l", "127.0.0.1", p.port], p.out),
          needs="nc"),
)


class Weir(Peer):
    """weir from the build tree; lanes None is what the config says."""
    works = ("W1", "W2", "W2b", "W3", "W5", "W5slow")

    def __init__(self, name="weir", lanes=None, core=None):
        self.name, self.lanes, self.core = name, lanes, core
        if lanes:
            self.works = ("W2b", "W3")
        build = os.environ.get("WEIR_BUILDDIR", "")
        self.build = Path(build) if build else None
        self.binary = Path(os.environ.get("WEIR") or (self.build / "weir" if build else "weir"))

    def missing(self):
        if not os.access(self.binary, os.X_OK):
            return f"not built: no {self.binary}; set WEIR_BUILDDIR"
        if self.core is not None and not shutil.which("taskset"):
            return "taskset not installed"
        return None

    def plugin_path(self):
        given = os.environ.get("WEIR_PLUGIN_PATH", "")
        tried = [self.build / "plugins/.libs", self.build / ".libs"] if self.build else []
        return ":".join(filter(None, [given, *(str(t) for t in tried if t.is_dir())]))

    def config(self, p):
        name = f"{p.work.name.lower()}.conf"
        text = (BENCH / "conf" / name).read_text()
        if self.lanes:
            text, n = re.subn(r"\blanes\s*=\s*\d+;", f"lanes = {self.lanes};", text)
            assert n == 1, name
        (p.dir / name).write_text(text)
        return p.dir / name

    def job(self, p):
        env = {"DATA": str(p.folder.path), "OUT": str(p.out), "PORT": str(p.port)}
        if self.plugin_path():
            env["WEIR_PLUGIN_PATH"] = self.plugin_path()
        argv = [self.binary.resolve(), "run", self.config(p)]
        if self.core is not None:
            argv = ["taskset", "-c", self.core, *argv]
        return Job(argv, env=env, out=p.out if p.work.slow else "",
                   end="term" if p.work.tcp else "exit")


class Mawk(Peer):
    name = "mawk"
    works = ("W1", "W2", "W2b", "W3")

    def note(self, work):
        return {"W1": "", "W3": "split, no regex"}.get(work.name, "text surgery, no JSON parser")

    def job(self, p):
        program = {"W1": ["{print}"], "W3": ["-f", BENCH / "peers/w3.awk"],
                   "W2": ["-v", "least=400", "-f", BENCH / "peers/w2.awk"],
                   "W2b": ["-v", "least=0", "-f", BENCH / "peers/w2.awk"]}[p.work.name]
        return Job(["mawk", *program, p.input], out=p.out if p.work.oracle else "")


class Jq(Peer):
    name = "jq"
    works = ("W2", "W2b", "W3")

    def job(self, p):
        shape = "select(.status >= {}) | del(.agent) | .src = \"bench\""
        program = {"W2": ["-c", shape.format(400)], "W2b": ["-c", shape.format(0)],
                   "W3": ["-Rc", "-f", BENCH / "peers/w3.jq"]}[p.work.name]
        return Job(["jq", *program, p.input], out=p.out)


class Miller(Peer):
    name = "miller"
    works = ("W1", "W2", "W2b", "W3")

    def missing(self):
        return None if shutil.which("mlr") else "mlr not installed"

    def job(self, p):
        lines = ["--inidx", "--ifs", "\\001", "--ojsonl"]
        least = 400 if p.work.name == "W2" else 0
        program = {
            "W1": [*lines, "nothing"],
            "W3": [*lines, "label", "line", "then", "put", "-f", BENCH / "peers/w3.mlr"],
        }.get(p.work.name, ["--ijsonl", "--ojsonl", "filter", f"$status >= {least}", "then",
                            "cut", "-x", "-f", "agent", "then", "put", '$src = "bench"'])
        return Job(["mlr", *program, p.input], out=p.out if p.work.oracle else "")


class DuckDB(Peer):
    name = "DuckDB"
    works = ("W1", "W2", "W2b", "W3")

    def missing(self):
        if not shutil.which("node"):
            return "node not installed"
        if not (PREFIX / "npm/node_modules/@duckdb/node-api").is_dir():
            return f"no @duckdb/node-api under {PREFIX}/npm; run with --install"
        return None

    def note(self, work):
        return "two threads; count(*)" if work.name == "W1" else "two threads"

    def job(self, p):
        return Job(["node", BENCH / "peers/duckdb.mjs", PREFIX / "npm", p.work.name.lower(),
                    p.input, p.out])


class Daemon(Peer):
    """A daemon of Debian's, installed or unpacked under PREFIX/root."""
    works = ("W1", "W2", "W2b", "W3", "W5")
    program = ""

    def find(self):
        """(program, root it was unpacked to or None)"""
        for folder in ("/usr/sbin", "/usr/local/sbin"):
            if os.access(f"{folder}/{self.program}", os.X_OK):
                return Path(folder, self.program), None
        unpacked = PREFIX / "root/usr/sbin" / self.program
        return (unpacked, PREFIX / "root") if unpacked.exists() else (None, None)

    def missing(self):
        if self.find()[0]:
            return None
        return f"not installed, and not under {PREFIX}; run with --install"

    def libraries(self, root):
        if not root:
            return {}
        folders = [root / MULTIARCH, root / "lib" / Path(MULTIARCH).name,
                   root / "usr/lib/syslog-ng"]
        return {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


class Rsyslog(Daemon):
    name, program = "rsyslog", "rsyslogd"

    def note(self, work):
        return {"W2": "mmjsonparse", "W2b": "mmjsonparse", "W3": "mmnormalize"}.get(work.name, "")

    def job(self, p):
        program, root = self.find()
        config = p.template(f"rsyslog-{p.work.name.lower()}.conf")
        modules = ["-M", root / MULTIARCH / "rsyslog"] if root else []
        return Job([program, "-n", "-iNONE", "-f", config, *modules],
                   env=self.libraries(root), end="idle")


class SyslogNg(Daemon):
    name, program = "syslog-ng", "syslog-ng"

    def note(self, work):
        return {"W2": "json-parser", "W2b": "json-parser", "W3": "regexp-parser"}.get(work.name, "")

    def job(self, p):
        program, root = self.find()
        config = p.template(f"syslog-ng-{p.work.name.lower()}.conf")
        modules = []
        if root:
            modules = ["--module-path", next((root / "usr/lib/syslog-ng").glob("[0-9]*"))]
        return Job([program, "-F", "--no-caps", "-f", config, "-R", p.dir / "persist",
                    "-c", p.dir / "ctl", f"--pidfile={p.dir / 'pid'}", *modules],
                   env=self.libraries(root), end="idle")


class FluentBit(Peer):
    name = "fluent-bit"
    works = ("W1", "W2", "W2b", "W3", "W5")

    def missing(self):
        return None if shutil.which(self.name) else "not on PATH"

    def job(self, p):
        parsers = p.template("fluent-bit-parsers.conf")
        config = p.template(f"fluent-bit-{p.work.name.lower()}.conf", PARSERS=parsers)
        return Job(["fluent-bit", "-q", "-c", config], end="idle")


def everybody():
    core = max(os.sched_getaffinity(0))
    return [*LIMITS, Weir(), Weir("weir, 1 lane", lanes=1),
            Weir("weir, 1 lane, 1 core", lanes=1, core=core),
            DuckDB(), FluentBit(), Mawk(), Rsyslog(), SyslogNg(), Jq(), Miller()]
