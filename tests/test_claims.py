"""Processes that share test files: each test is run, once, by one of them."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = """
import time
from pathlib import Path
import pytest

@pytest.fixture(scope="session", autouse=True)
def once():
    with open({folder!r} + "/sessions", "a") as log:
        log.write("begun\\n")
    yield

@pytest.fixture(scope="module", autouse=True)
def of_module():
    yield
    with open({folder!r} + "/modules", "a") as log:
        log.write("ended\\n")

@pytest.mark.parametrize("number", range(3))
def test_it(number):
    time.sleep(0.05)
    with open({folder!r} + "/ran", "a") as log:
        log.write(f"{name} {{number}}\\n")
    assert not ({fails} and number == 1)
"""


def start(folder):
    claims = folder / "claims"
    claims.mkdir(exist_ok=True)
    words = [
        "-p",
        "no:odoo",
        "-p",
        "no:cacheprovider",
        "-p",
        "scripts.claims",
        f"--claims={claims}",
        f"--rootdir={folder}",
    ]
    command = [sys.executable, "-m", "pytest", *words, "-c", "/dev/null", *sorted(folder.glob("test_*.py"))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def written(folder, fails=()):
    for name in "abcd":
        text = TEST.format(folder=str(folder), name=name, fails=name in fails)
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    return folder


def lines(folder, name):
    return (folder / name).read_text(encoding="utf-8").splitlines()


def test_two_processes_run_each_test_once(tmp_path):
    processes = [start(written(tmp_path)) for _number in range(2)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert sorted(lines(tmp_path, "ran")) == [f"{name} {number}" for name in "abcd" for number in range(3)]
    assert sum(int(number) for text in said for number in re.findall(r"(\d+) passed", text)) == 12


def test_process_that_comes_late_finds_nothing_to_do(tmp_path):
    for count in (12, 0):
        process = start(written(tmp_path))
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 0, said
        assert re.findall(r"(\d+) passed", said) == [str(count)] * bool(count)


def test_fixtures_live_as_long_as_without_it(tmp_path):
    start(written(tmp_path)).communicate(timeout=60)
    assert len(lines(tmp_path, "sessions")) == 4, "one of each file: it is defined in each"
    assert len(lines(tmp_path, "modules")) == 4


def test_failure_is_told(tmp_path):
    process = start(written(tmp_path, fails="b"))
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "1 failed, 11 passed" in said
