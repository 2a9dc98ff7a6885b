"""`make test` runs parts beside each other: what each says stays together, a failure is one, Ctrl-C ends them all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.test import LONG, ODOO_TESTS, addon_files

ROOT = Path(__file__).parents[1]
BEGIN = """
import signal, subprocess, sys, time
from scripts.lanes import Job, run_jobs

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
"""
END = "\nsys.exit(0 if run_jobs(jobs, lanes=2) else 1)\n"


def start(jobs):
    """In a process of its own: it forks, and ends what it has started."""
    command = [sys.executable, "-c", BEGIN + jobs + END]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(jobs):
    """(exit status, what was said)."""
    with start(jobs) as process:
        said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_jobs_run_at_once_and_what_each_says_stays_together():
    status, said = run("""
def work(name):
    def both():
        for _turn in range(5):
            print(name, flush=True)
            subprocess.run(["echo", name])
            time.sleep(0.1)
        return 0
    return both
jobs = [Job("one", work("first"), 1), Job("two", work("second"), 2)]
""")
    assert status == 0
    assert "first\n" * 10 in said
    assert "second\n" * 10 in said
    assert said.index("one: begun") < said.index("first\n")
    assert said.index("two: begun") < said.index("one: begun"), "the longest begins first"


@pytest.mark.parametrize(
    "failure", ["return 3", "raise ValueError('bad')", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_job_that_fails_fails_all_and_the_others_end(failure):
    status, said = run(f"""
def bad():
    {failure}
jobs = [Job("bad", bad, 2), Job("good", lambda: 0, 1)]
""")
    assert status == 1
    assert "bad: FAILED" in said
    assert "good: passed" in said


def test_job_whose_condition_failed_is_not_run():
    status, said = run("""
jobs = [Job("before", lambda: 1, 1), Job("later", lambda: print("never said") or 0, 9, after="before")]
""")
    assert status == 1
    assert "never said" not in said
    assert "not run, as before failed" in said


def test_jobs_after_one_that_was_not_run_are_not_run_either():
    status, said = run("""
jobs = [Job("a", lambda: 1, 1), Job("b", lambda: 0, 2, after="a"), Job("c", lambda: 0, 3, after="b")]
""")
    assert status == 1
    assert "not run, as a failed" in said
    assert "not run, as b failed" in said


def test_job_begins_once_its_condition_is_there():
    status, said = run("""
jobs = [Job("before", lambda: time.sleep(0.5) or 0, 1), Job("later", lambda: 0, 9, after="before")]
""")
    assert status == 0
    assert said.index("before: passed") < said.index("later: begun")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_ends_what_was_started(how):
    """Also what the jobs themselves have started; what was said until then is shown."""
    process = start("""
def work():
    child = subprocess.Popen(["sleep", "300"])
    print("child", child.pid, flush=True)
    return child.wait()
jobs = [Job("one", work, 1)]
""")
    with process:
        assert process.stdout.readline() == "==> one: begun\n"
        time.sleep(1)
        process.send_signal(how)
        said, _ = process.communicate(timeout=60)
    assert process.returncode
    (pid,) = [int(line.split()[1]) for line in said.splitlines() if line.startswith("child ")]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_each_file_of_the_addon_is_run():
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / ODOO_TESTS).glob("test_*.py")]
    assert sorted(addon_files()) == sorted(files)
    assert {Path(name).name for name in addon_files()[: len(LONG)]} == set(LONG)
