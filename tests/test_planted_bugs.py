"""The mistakes that `make chaos` plants can be planted: each stands in its file as the right code, once."""

from pathlib import Path

import pytest

from scripts.planted_bugs import BUGS, Bug

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_bug_can_be_planted(bug: Bug) -> None:
    assert (ROOT / bug.path).read_text(encoding="utf-8").count(bug.right) == 1
