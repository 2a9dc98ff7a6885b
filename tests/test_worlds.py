"""`make worlds`: the core and the tests left out exist, a day's worlds depend on the day alone."""

import ast
import datetime
from collections import Counter
from pathlib import Path

import pytest

from scripts.worlds import A_DAY, CORE, KITS, core, load, of_the_day

ROOT = Path(__file__).parents[1]
WORLDS = load()


def there(file):
    """{test: its class} of a test file."""
    classes = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
    return {it.name: node.name for node in classes for it in node.body if isinstance(it, ast.FunctionDef)}


@pytest.mark.parametrize("test", core() + core(KITS))
def test_each_test_of_the_core_exists(test):
    file, case, name = test.split("::")
    assert there(ROOT / file).get(name) == case


def test_core_is_about_sixty_tests():
    assert 55 <= len(core()) <= 75
    assert len(set(core())) == len(core())


@pytest.mark.parametrize("name", WORLDS)
def test_what_a_world_leaves_out_is_of_the_core_and_has_a_reason(name):
    names = {test.split("::")[-1] for test in core() + core(KITS)} | {place.split("::")[-1] for place in CORE | KITS}
    left_out = WORLDS[name].elsewhere
    assert set(left_out) <= names | {"TestBadDays"}
    assert all(left_out.values())


def test_each_world_comes_as_often_as_the_others():
    today = datetime.date(2026, 1, 1)
    here = [name for name, world in WORLDS.items() if not (world.beside or world.needs_sqs)]
    days = [of_the_day(today + datetime.timedelta(days=number)) for number in range(len(here))]
    assert all(len(set(day)) == A_DAY for day in days)
    assert Counter(name for day in days for name in day) == dict.fromkeys(here, A_DAY)
    assert days[0] == of_the_day(today)
