"""The documents: links lead somewhere, pictures are there, and messages are quoted as the add-on says them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)
# An indented or fenced line, or words in backticks, that someone is told to run.
COMMAND = re.compile(
    r"^ *((?:make|python|pip|curl|odoo) [^#\n]*)|`((?:make|python|pip|curl|odoo) [^`]*)`", re.MULTILINE
)
# How each begins -> what runs it.
RUN_BY = {
    "make setup": "scripts/__main__.py",  # before anything else
    "make demo": "life_tests/test_demo.py",
    "make serve": "life_tests/test_demo.py",
    "make test": ".ci/run",
    "make check": "scripts/check.py",
    "make chaos": "fba_connector/tests/test_bad_days.py",
    "make worlds": "scripts/test.py",
    "make bench": "scripts/test.py",
    "make year": "scripts/test.py",
    "make scale": "scripts/test.py",
    "python -m amazon_simulator": "scripts/simulator.py",
    "pip install .": "life_tests/test_wheel.py",
    "pip install python-amazon-sp-api": "life_tests/test_wheel.py",
    "odoo neutralize": "fba_connector/tests/test_security.py",
    "odoo db duplicate --neutralize": "fba_connector/tests/test_security.py",
    "odoo -u fba_connector": "life_tests/test_life.py",
    "curl -H": "fba_connector/tests/test_operations.py",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sgd]|%[sgd]|%%")


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://127.0.0.1")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{document.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{document.name}: {link}"


def messages() -> list[str]:
    """What the add-on says, names and numbers left out as in the documents."""
    template = (ROOT / "fba_connector/i18n/fba_connector.pot").read_text(encoding="utf-8")
    texts = ("".join(re.findall(r'"(.*)"', entry)) for entry in ENTRY.findall(template))
    return [
        PLACEHOLDER.sub("…", text.replace('\\"%s\\"', "%s").replace('\\"%(account)s\\"', "%(account)s"))
        for text in texts
    ]


def test_troubleshooting_quotes_what_is_said() -> None:
    said = messages()
    text = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
    quoted = [row.split(" | ")[0].removeprefix("| ") for row in text.splitlines() if row.startswith("| ")]
    quoted = [quote for quote in quoted if quote != "Message"]
    assert len(quoted) > 30
    for quote in quoted:
        assert any(quote in message or quote.rstrip(" …") in message for message in said), quote


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_are_run_by_something(document: Path) -> None:
    for line, quoted in COMMAND.findall(document.read_text(encoding="utf-8")):
        command = (line or quoted).strip()
        runners = [runner for begin, runner in RUN_BY.items() if command.startswith(begin)]
        assert runners, f"{document.name}: {command}"
        assert all((ROOT / runner).exists() for runner in runners)


def test_doors_are_those_that_are_tried() -> None:
    """Each door that the tests of the add-on try by name is in the table of docs/reliability.md."""
    tree = ast.parse((ROOT / "fba_connector/tests/test_doors.py").read_text(encoding="utf-8"))
    tables = [
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        and all(isinstance(value, ast.Lambda | ast.Attribute | ast.Name) for value in node.values)
    ]
    tried = {key.value for table in tables for key in table.keys if len(table.keys) > 2}
    section = (ROOT / "docs/reliability.md").read_text(encoding="utf-8").split("## Doors")[1].split("\n## ")[0]
    told = "; ".join(row.split(" | ")[0].removeprefix("| ") for row in section.splitlines() if row.startswith("| "))
    assert len(tried) > 30
    assert {door for door in tried if door not in told} == set()
