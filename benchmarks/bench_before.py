"""What the dearest work costs beside the add-on as it was before that work was done in batches.

Baseline: commit BEFORE, unpacked from the repository's history into a folder of its own, with its own simulator and
database. Both run their own benchmark of the same name, in turns; what Odoo and we need is compared. Where the history
is not there (a copy without it, a shallow clone) nothing is compared, and a line says so.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.host.paths import ROOT
from scripts.host.step import step

from .measure import Cost, compare, report, sizes

BEFORE = "d507da5"
# Benchmark and its options; the case; how many times as fast ours has to be; the most queries a record.
COMPARED = {
    "import": (["--rounds", "3", "--long-run", "1000"], "against one by one", 1.6, 6),
    "booking": (["--rounds", "3"], "an order in two shipments", 3, 35),
    "inventory": (["--skus", "2000", "--few", "200", "--sample", "60"], "all changed", 5, 6),
}


def main() -> int:
    size = sizes("before", rounds=(3, 0))
    if size.quick or not (archive := history()):
        if not size.quick:
            print(f"No commit {BEFORE} here: nothing is compared.", file=sys.stderr)
        return report("before", True, {}, cases={})
    # Its line of JSON stands alone on the standard output.
    with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory(prefix="fba-before-") as folder:
        before = Path(folder)
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        cases, limits = {}, {}
        for name, (options, case, faster, queries) in COMPARED.items():
            with step(f"{name}, {size.rounds} rounds on each side"):
                turns = [
                    (measured(ROOT, name, options, case), measured(before, name, options, case))
                    for _round in range(size.rounds)
                ]
            cases[name] = compare(turns)
            limits[f"{name}: at least {faster} times as fast"] = cases[name]["ratio"] * faster <= 1
            limits[f"{name}: at most {queries} queries"] = cases[name]["queries"] <= queries
    return report("before", False, limits, cases=cases)


def history() -> bytes:
    """The files of BEFORE as a tar file; empty where the history does not go back so far."""
    done = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, check=False, capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def measured(folder: Path, name: str, options: list[str], case: str) -> Cost:
    """What one record cost in the build of `folder`. Raises SystemExit where its benchmark does not run."""
    command = ["make", "--silent", "bench", f"ARGS={' '.join([name, *options])}"]
    done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise SystemExit(f"The benchmark {name} of {folder} did not run.")
    figures = json.loads(lines[-1])["cases"][case]
    return Cost(figures["ms"] / 1000, figures["queries"])


if __name__ == "__main__":
    sys.exit(main())
