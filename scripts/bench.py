"""`make bench`: every benchmark, one line of JSON each; names after it choose some, further options are theirs.

`--quick` only sees that they run. `--record` keeps the lines in docs/performance.json, beside those of benchmarks that
did not run now, and draws docs/performance.md anew.
"""

import argparse
import json
import subprocess
import sys

from .host.database import running_host
from .host.paths import ROOT
from .performance import RESULTS, draw, machine

BY_NAME = ("notifications", "queue")  # they need what the others do not, and servers


def main() -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="make bench", allow_abbrev=False)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)} (default: all but {', '.join(BY_NAME)})"
    )
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/")
    arguments, options = parser.parse_known_args()
    if unknown := sorted(set(arguments.names) - set(known)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    status, lines = 0, {}
    with running_host():  # one PostgreSQL for all
        for name in arguments.names or [it for it in known if it not in BY_NAME]:
            command = [sys.executable, "-m", f"benchmarks.bench_{name}", *options]
            done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
            print(done.stdout, end="", flush=True)
            status = max(status, abs(done.returncode))
            if done.stdout:
                lines[name] = json.loads(done.stdout)
    if arguments.record:
        record(lines)
    return status


def record(lines: dict[str, dict]) -> None:
    if any(line["quick"] for line in lines.values()):
        raise SystemExit("Figures of a quick run say nothing: repeat without --quick.")
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    dated = {name: {**line, "on": machine()} for name, line in lines.items()}
    RESULTS.write_text(json.dumps({**kept, **dated}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    draw()


if __name__ == "__main__":
    sys.exit(main())
