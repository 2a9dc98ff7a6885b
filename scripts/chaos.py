"""`make chaos`: the bad-day machine for long, a schedule again, or on an add-on with a bug."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .host.paths import ROOT
from .host.step import say
from .planted_bugs import BUGS, Bug

LEFT_BEHIND = shutil.ignore_patterns(".git", "__pycache__", ".hypothesis", "images")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--schedules", type=int, default=300, help="(default: 300)")
    parser.add_argument("--steps", type=int, default=25, help="of a schedule, at most (default: 25)")
    parser.add_argument("--seed", type=int, default=0, help="other schedules (default: 0)")
    parser.add_argument("--shrink", action="store_true", help="bring a failing schedule to its shortest; takes minutes")
    parser.add_argument("--replay", metavar="FILE", type=Path, help="one schedule, as a failure printed it")
    parser.add_argument("--bugs", action="store_true", help="plant bugs, one at a time; each must be found")
    parser.add_argument("--bug", metavar="WORDS", default="", help="only those with these words in their name")
    arguments = parser.parse_args()
    if not (arguments.bugs or arguments.bug):
        return play(ROOT, arguments, arguments.schedules).returncode
    return plant(arguments)


def play(root: Path, arguments: argparse.Namespace, schedules: int, quiet: bool = False) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "FBA_SCHEDULES": str(schedules),
        "FBA_STEPS": str(arguments.steps),
        "FBA_SHRINK": "1" if arguments.shrink else "",
        "FBA_REPLAY": str(arguments.replay.resolve()) if arguments.replay else "",
    }
    words = ["odoo", "--keep"] if quiet else ["odoo"]
    words += ["fba_connector/tests/test_bad_days.py", "-s", f"--hypothesis-seed={arguments.seed}"]
    command = [sys.executable, "-m", "scripts.test", *words]
    return subprocess.run(
        command, cwd=root, env=environment, check=False, text=True, capture_output=quiet, encoding="utf-8"
    )


def plant(arguments: argparse.Namespace) -> int:
    """The number of bugs that no schedule found, as exit status."""
    missed, bugs = [], [bug for bug in BUGS if arguments.bug in bug.name]
    with TemporaryDirectory() as folder:
        root = Path(folder, "project")
        shutil.copytree(ROOT, root, ignore=LEFT_BEHIND)
        say("==> Without a bug")
        if play(root, arguments, schedules=1).returncode:
            return 1
        for bug in bugs:
            with planted(bug, root):
                output = play(root, arguments, arguments.schedules, quiet=True)
            reason = next((line for line in output.stdout.splitlines() if line.startswith("E ")), "")
            if output.returncode and reason:
                say(f"    found: {bug.name}\n           {reason.removeprefix('E').strip()[:150]}")
            else:
                missed.append(bug)
                say(f"    NOT FOUND: {bug.name}\n{output.stderr[-500:] if output.returncode else ''}")
    say(f"==> {len(bugs) - len(missed)} of {len(bugs)} bugs found")
    return len(missed)


@contextmanager
def planted(bug: Bug, root: Path) -> Iterator[None]:
    """`bug` in the copy of the project at `root`."""
    file = root / bug.path
    text = file.read_text(encoding="utf-8")
    if text.count(bug.right) != 1:
        raise SystemExit(f"{bug.path} has changed: adapt the bug {bug.name!r}.")
    file.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")
    yield
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
