"""Parts of bulk work of which none gets in the way of another."""

import importlib.util
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

PATH = Path(__file__).parents[1] / "fba_connector_queue/models/parts.py"
SPEC = importlib.util.spec_from_file_location("parts", PATH)
MODULE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MODULE)
parts = MODULE.parts


def test_records_with_nothing_in_common_fill_parts():
    assert parts({number: () for number in range(5)}, 2) == [[0, 1], [2, 3], [4]]


def test_records_with_a_key_in_common_are_in_one_part_however_many():
    assert parts({1: "A", 2: "B", 3: "AC", 4: "C", 5: "B"}, 2) == [[1, 3, 4], [2, 5]]


@given(st.dictionaries(st.integers(0, 30), st.frozensets(st.integers(0, 20), max_size=3)), st.integers(1, 5))
def test_each_record_is_in_one_part_and_each_key_too(keys, most):
    result = parts(keys, most)
    assert sorted(item for part in result for item in part) == sorted(keys)
    seen = [{key for item in part for key in keys[item]} for part in result]
    assert sum(len(it) for it in seen) == len(set().union(*seen))
    for part in result:
        if len(part) > most:
            assert any(keys[item] for item in part), "only what belongs together makes a part too large"
