"""`make check`: every hook of .pre-commit-config.yaml on every file. Needs no network."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .host.paths import ROOT, cache_dir
from .host.step import SetupError, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="make check")
    parser.add_argument("hook", nargs="?", help="one hook only, by its id (default: all)")
    arguments = parser.parse_args()
    tools = Path(sys.executable).parent  # the hooks find ruff, pylint and mypy beside this Python
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(cache_dir() / "pre-commit"),
    }
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    command += ["--color=always"] if sys.stdout.isatty() else []
    command += [arguments.hook] if arguments.hook else []
    with git_index() as index:
        failed = run(command, {**environment, **index})
    say(f"==> Failed: {', '.join(failed)}" if failed else "==> All checks passed")
    return bool(failed)


@contextlib.contextmanager
def git_index() -> Iterator[dict[str, str]]:
    """pre-commit asks git which files there are; sources without git get an index for the time of the run.

    Yields the variables that point git at it.
    """
    probe = ["git", "ls-files", "--error-unmatch", "Makefile"]
    try:
        in_git = not subprocess.run(probe, cwd=ROOT, capture_output=True, check=False).returncode
    except FileNotFoundError as error:
        raise SetupError("git is missing: the checks ask it which files there are. Install Debian's git.") from error
    if in_git:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_DIR": folder, "GIT_WORK_TREE": str(ROOT)}
        for words in (["init", "--quiet"], ["add", "."]):
            subprocess.run(["git", *words], cwd=ROOT, env={**os.environ, **index}, check=True)
        yield index


def run(command: list[str], environment: dict[str, str]) -> list[str]:
    """Show what the command prints; the ids of the hooks that failed."""
    failed = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            if "- hook id: " in line:
                failed.append(line.split("- hook id: ")[1].split("\x1b")[0].strip())
    return failed or (["pre-commit itself"] if process.returncode else [])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nThe checks stopped: {error}")
        sys.exit(1)
