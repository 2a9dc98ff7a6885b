"""Walls of the house: a room imports and calls down, never up; gateway, simulator and scripts keep to themselves."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODELS = "fba_connector/models"
MORE = ("fba_connector_queue", "fba_connector_notifications")  # modules that extend the connector
LIBRARIES = ("odoo/addons/queue_job", "boto3", "botocore")
ROOMS = "shared account warehouse sourcing fulfillment amazon_order inventory privacy overview".split()
# A house's floors, the lowest first; a floor is one or more folders.
HOUSES = {
    "add-on": [
        *([f"{MODELS}/{room}"] for room in ROOMS),
        [f"fba_connector/{it}" for it in ("wizards", "report", "controllers")],
    ],
    "simulator": [[f"amazon_simulator/{room}"] for room in ("world", "api", "control", "http")],
}
# Odoo's own, which ours extend or happen to share: a call of them is a call of Odoo.
ODOOS = set(
    "write create unlink copy_data action_confirm _action_cancel _action_assign _action_done _compute_quantity "
    "_field_to_sql".split()
)
# Defined in several rooms: by a lower one to be extended by super() in a higher one ...
HOOKS = set(
    "_action_launch_stock_rule _after_work _fba_after_sourcing _compute_carrier_tracking_url _compute_fba_status "
    "_fba_check_not_at_amazon _fba_counted_from _fba_is_at_amazon _fba_ties _fba_parcels _fba_reason_closed "
    "_fba_release _fba_shipped_by_amazon _fba_sold_shares _free_reservation _free_units _may_book_sales "
    "_give_up _next_state _reason _work_on "
    "_note_failure _prepare_return_item _promised_units _served _settings_changed _skus_were_read "
    "_taken_units _ties _trigger_assign".split()
)
# ... or of different models and modules.
NAMESAKES = set(
    "__init__ _compare _fba_components _table_query default_get action_choose action_map action_open_sale "
    "_unlink_unless_tied".split()
)
NAMED_BY_TEXT = ("compute", "search", "inverse")  # a field names its method so


def trees(folder: str) -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))}


def functions(tree: ast.Module) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def data(tree: ast.Module) -> set[str]:
    """Names of fields and attributes: read, they are no function that is handed on."""
    classes = [it for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for it in node.body]
    targets = [it.target for it in classes if isinstance(it, ast.AnnAssign)]
    targets += [it for node in (*classes, *ast.walk(tree)) if isinstance(node, ast.Assign) for it in node.targets]
    return {
        it.attr if isinstance(it, ast.Attribute) else it.id
        for it in targets
        if hasattr(it, "attr") or hasattr(it, "id")
    }


def uses(tree: ast.Module, no_function: set[str]) -> set[tuple[int, str]]:
    """(line, name) of each function that is called, handed on, or named by a field."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add((node.func.lineno, node.func.attr))
        elif isinstance(node, ast.Attribute) and node.attr not in no_function:
            found.add((node.lineno, node.attr))
        elif isinstance(node, ast.keyword) and node.arg in NAMED_BY_TEXT and isinstance(node.value, ast.Constant):
            found.add((node.value.lineno, node.value.value))
    return found


def imports(path: Path, tree: ast.Module) -> set[tuple[int, str]]:
    """(line, path from the root or name) of each module that is imported."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, it.name.replace(".", "/")) for it in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = path.relative_to(ROOT).parents[node.level - 1].as_posix() if node.level else ""
            start = "/".join(filter(None, (base, (node.module or "").replace(".", "/"))))
            found |= {(node.lineno, f"{start}/{it.name}") for it in node.names}
    return found


def upward(floors: list[list[str]]) -> tuple[list[str], dict[str, set[int]]]:
    """(what looks up, {function: floors that define it})."""
    files = [
        (number, path, tree) for number, its in enumerate(floors) for it in its for path, tree in trees(it).items()
    ]
    defined = defaultdict(set)
    for number, _path, tree in files:
        for name in functions(tree):
            if name not in ODOOS:
                defined[name].add(number)
    no_function = set().union(*(data(tree) for _number, _path, tree in files))
    found = []
    for number, path, tree in files:
        above = tuple(f"{it}/" for higher in floors[number + 1 :] for it in higher)
        looks = {(line, name) for line, name in uses(tree, no_function) if min(defined.get(name, {number})) > number}
        looks |= {(line, name) for line, name in imports(path, tree) if f"{name}/".startswith(above)}
        found += [f"{path.relative_to(ROOT)}:{line}: {name}" for line, name in sorted(looks)]
    return found, defined


def test_names_in_several_rooms_are_listed() -> None:
    """Of a call of these the test does not know which room it means: a new one is to be meant."""
    _found, defined = upward(HOUSES["add-on"])
    assert {name for name, floors in defined.items() if len(floors) > 1} == HOOKS | NAMESAKES


@pytest.mark.parametrize(
    ("folder", "foreign"),
    [
        ("fba_connector/amazon", ("odoo", "fba_connector/models")),
        ("amazon_simulator", ("odoo", "fba_connector")),
        ("scripts", ("benchmarks",)),
    ],
)
def test_gateway_simulator_and_scripts_keep_to_themselves(folder: str, foreign: tuple[str, ...]) -> None:
    abroad = tuple(f"{it}/" for it in foreign)
    for path, tree in trees(folder).items():
        looks = [name for _line, name in imports(path, tree) if f"{name}/".startswith(abroad)]
        assert not looks, path


def test_connector_knows_nothing_of_what_extends_it() -> None:
    """Queue and notifications extend the connector, which is whole without them."""
    abroad = tuple(f"{it}/" for it in (*MORE, *(f"odoo/addons/{name}" for name in MORE), *LIBRARIES))
    for path, tree in trees("fba_connector").items():
        looks = [name for _line, name in imports(path, tree) if f"{name}/".startswith(abroad)]
        assert path.is_relative_to(ROOT / "fba_connector/tests") or not looks, path


@pytest.mark.parametrize("house", HOUSES)
def test_nothing_looks_up(house: str) -> None:
    found, _defined = upward(HOUSES[house])
    assert not found, "\n".join(found)


ROOMS_OF_ALL = [room for floors in HOUSES.values() for its in floors[:-1] for room in its]


@pytest.mark.parametrize("room", [*ROOMS_OF_ALL, *(f"{it}/models" for it in MORE)])
def test_table_of_contents_is_whole(room: str) -> None:
    contents = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    listed = re.findall(r"^ *(\w+)  +\S", contents, re.MULTILINE)
    files = [path.stem for path in (ROOT / room).glob("*.py") if path.stem != "__init__"]
    assert sorted(listed) == sorted(files)


# Who may write what Odoo keeps as text: they know the language of the person in charge.
WRITERS = {
    "message_post": {"shared/reader.py"},
    "activity_schedule": {"shared/sale_order.py", "account/fba_account_connection.py"},
    "message_post_with_source": {"fulfillment/fba_shipment_mail.py"},  # a template, in the customer's language
}


@pytest.mark.parametrize("method", WRITERS)
def test_chatter_and_activities_are_written_in_one_place(method: str) -> None:
    models = ROOT / "fba_connector/models"
    callers = {
        path.relative_to(models).as_posix()
        for path, tree in trees("fba_connector/models").items()
        if any(name == method for _line, name in uses(tree, set()))
    }
    assert callers == WRITERS[method]
