"""Each reason of the gateway has its values, a place that gives it, and the same English in the add-on."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from fba_amazon import Malformed, because, parse_order
from fba_amazon.reasons import TEXTS, span

ADDON = Path(__file__).parents[2] / "fba_connector"
GATEWAY = {path: path.read_text() for path in (ADDON / "amazon").glob("*.py") if path.name != "reasons.py"}
SENTENCES = ADDON / "models/account/amazon_sentences.py"
AMONG_OTHERS = re.compile(r"%\((\w+)\)s")


def names_of(code):
    return set(AMONG_OTHERS.findall(TEXTS[code]))


def addon_texts():
    """{code: function(env, **values)} as the add-on has it; the module itself would import Odoo."""
    [table] = (
        node.value
        for node in ast.parse(SENTENCES.read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "_TEXTS"
    )
    return eval(compile(ast.Expression(table), str(SENTENCES), "eval"))  # noqa: S307


def test_addon_says_the_same_as_the_gateway():
    env = SimpleNamespace(_=lambda text, **values: text % values)
    values = {code: {name: f"<{name}>" for name in names_of(code)} for code in TEXTS}
    texts = addon_texts()
    assert list(texts) == list(TEXTS)
    told = {code: text(env, **values[code]) for code, text in texts.items()}
    assert told == {code: str(because(code, **values[code])) for code in TEXTS}


def test_each_reason_is_given_somewhere():
    strings = {
        node.value
        for text in GATEWAY.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    by_the_addon = {"record_refused"}
    by_reasons = {"quote", "second", "seconds"}
    assert TEXTS.keys() - strings == by_the_addon | by_reasons


def test_reasons_come_with_the_values_that_their_texts_name():
    checked = 0
    for path, text in GATEWAY.items():
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "because":
                continue
            if isinstance(node.args[0], ast.Constant) and all(word.arg for word in node.keywords):
                checked += 1
                assert {word.arg for word in node.keywords} == names_of(node.args[0].value), (path, node.lineno)
    assert checked > 50


def test_errors_are_raised_with_reasons():
    """A text of the gateway's own in an error would be English to everybody."""
    kinds = {name for name in dir(__import__("fba_amazon").errors) if name[0].isupper()}
    found = [
        (path.name, node.lineno)
        for path, text in GATEWAY.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds
        if node.args and isinstance(node.args[0], (ast.Constant, ast.JoinedStr))
    ]
    assert not found


def test_addon_shows_reasons_and_never_the_english_text():
    rooms = [
        *(ADDON / "models").rglob("*.py"),
        *(ADDON / "wizards").glob("*.py"),
        *(ADDON / "controllers").glob("*.py"),
    ]
    assert not [path for path in rooms if "user_message" in path.read_text()]


@pytest.mark.parametrize(("seconds", "words"), [(0.1, "1 second"), (1.2, "1 second"), (59.7, "60 seconds")])
def test_span_is_whole_seconds(seconds, words):
    assert str(span(seconds)) == words


def test_several_reasons_are_one_text():
    two = (because("no_items"), because("same_ids"))
    assert str(because("invalid", order="S1", complaints=two)) == (
        "S1: there is nothing to fulfill; two lines have the same id"
    )


def test_reason_of_an_unusable_answer_names_the_place():
    with pytest.raises(Malformed) as caught:
        parse_order({"orderId": "1"})
    assert caught.value.reason == because("unusable", problem=because("missing", part=caught.value.code))
