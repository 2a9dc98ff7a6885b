"""`python -m scripts.check_commits`: the newest commits say `[TAG] room: one idea`, and why."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TAGS = ("FIX", "ADD", "IMP", "REF", "DOC")
SUBJECT = re.compile(rf"\[(?:{'|'.join(TAGS)})\] [a-z0-9_./-]+: \S.*")
LONGEST_SUBJECT = 72
NEWEST = 50
RULE = "scripts/check_commits.py"  # commits that knew of the rule are those after the one that added it


def findings(message: str) -> Iterator[str]:
    """What is wrong with a commit's message."""
    subject, *rest = message.strip().split("\n")
    if not SUBJECT.fullmatch(subject):
        yield f"not `[TAG] room: one idea` with a tag of {', '.join(TAGS)}"
    if len(subject) > LONGEST_SUBJECT:
        yield f"{len(subject)} characters, at most {LONGEST_SUBJECT}"
    if rest and rest[0]:
        yield "no empty line after the first one"
    if not any(line.strip() for line in rest[1:]):
        yield "no body that says why"


def newest(root: Path) -> list[tuple[str, str]]:
    """(hash, message) of the commits since the rule is there; none in sources without git or without commits."""
    added = _git(root, "log", "--diff-filter=A", "--format=%H", "--", RULE).split()
    if not added:
        return []
    # The newest that added it: in a shallow clone the oldest commit there is seems to have added everything.
    first, since = added[0], ("--ancestry-path", f"{added[0]}..HEAD")
    log = _messages(root, "--no-merges", f"--max-count={NEWEST}", *since) + _messages(root, "--max-count=1", first)
    return log[:NEWEST]


def _messages(root: Path, *words: str) -> list[tuple[str, str]]:
    """(hash, message) of what `git log` lists."""
    entries = _git(root, "log", "-z", "--format=%h%n%B", *words).split("\0")
    return [(commit, message) for commit, _, message in (entry.partition("\n") for entry in entries) if commit]


def _git(root: Path, *words: str) -> str:
    """What git prints; nothing where it fails."""
    try:
        return subprocess.run(
            ["git", *words], cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False
        ).stdout
    except FileNotFoundError:
        return ""


def main() -> int:
    found = [
        f"{commit} {message.splitlines()[0]}: {text}"
        for commit, message in newest(Path.cwd())
        for text in findings(message)
    ]
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
