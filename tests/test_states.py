"""States: the diagrams are the tables, and one door alone writes a state."""

import ast
import re
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[1] / "fba_connector/models"
DOOR = "shared/fba_stateful.py"
ARROW = re.compile(r"^ *([\w, ]+?) --[^>]+--> ([\w, ]+)$", re.MULTILINE)
WRITES = ("write", "create", "_move_to")


def module(path: str) -> ast.Module:
    return ast.parse((MODELS / path).read_text(encoding="utf-8"))


def table(tree: ast.Module, name: str) -> dict[str, set[str]]:
    (node,) = (it for it in tree.body if isinstance(it, ast.Assign) and ast.unparse(it.targets[0]) == name)
    return ast.literal_eval(node.value)


@pytest.mark.parametrize(
    "path",
    [
        "fulfillment/states.py",
        "amazon_order/states.py",
        "amazon_order/backfill_states.py",
        "inventory/first_sync_states.py",
    ],
)
def test_diagram_is_the_table(path: str) -> None:
    tree = module(path)
    drawn = {
        (before, after)
        for befores, afters in ARROW.findall(ast.get_docstring(tree, clean=False))
        for before in befores.split(", ")
        for after in afters.split(", ")
    }
    transitions = table(tree, "TRANSITIONS")
    assert drawn == {(before, after) for before, afters in transitions.items() for after in afters}
    assert set(transitions) == {state for state, _label in table(tree, "STATES")}


def writes_of_state(tree: ast.Module) -> list[int]:
    """Lines that give a record of the add-on's a state: an assignment, or a key of what is written or made."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            lines += [it.lineno for it in node.targets if isinstance(it, ast.Attribute) and it.attr == "state"]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            keys = [key for dict_ in ast.walk(node) if isinstance(dict_, ast.Dict) for key in dict_.keys]
            lines += [key.lineno for key in keys if isinstance(key, ast.Constant) and key.value == "state"]
    return lines


def test_states_are_written_by_one_door() -> None:
    rooms = ("fulfillment", "amazon_order", "privacy", "overview")
    files = [path for room in rooms for path in (MODELS / room).glob("*.py")]
    found = [
        f"{path.relative_to(MODELS)}:{line}"
        for path in files
        for line in writes_of_state(ast.parse(path.read_text("utf-8")))
    ]
    assert [it.rpartition(":")[0] for it in found] == ["privacy/fba_fulfillment_order.py"]  # a mail's own state
    assert writes_of_state(module(DOOR)), "the door is not found"
