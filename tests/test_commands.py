"""Commands of `make`: what they say, and to whom."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_unknown_words_are_refused_and_help_helps(command: str) -> None:
    helped, refused = run("-m", f"scripts.{command}", "--help"), run("-m", f"scripts.{command}", "--nonsense")
    assert helped.returncode == 0
    assert f"usage: make {command}" in helped.stdout
    assert refused.returncode == 2
    assert "--nonsense" in refused.stderr


def test_set_up_is_no_part_of_the_result() -> None:
    """As `make scale ARGS=--json` is read by a program."""
    code = "import sys; from scripts import __main__ as it; it.build = lambda: it.say('==> Host') or ('', ''); "
    code += "it.os.execve = lambda *it: print('the result'); sys.argv[1:] = ['scale', '--json']; it.main()"
    done = run("-c", code)
    assert (done.stdout, done.stderr) == ("the result\n", "==> Host\n")
