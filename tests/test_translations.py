"""The languages that come with our modules are whole: each term of the template, its placeholders and its markup."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[1]
MODULES = [path.parent.name for path in sorted(ROOT.glob("*/__manifest__.py"))]
LANGUAGES = [path for module in MODULES for path in sorted((ROOT / module / "i18n").glob("*.po"))]
PARTS = re.compile(r"%\(\w+\)[sdg]|%[sdg%]|\{\{[^}]*\}\}|</?\w+|(?:t-out|t-if|t-foreach|invisible)=\"[^\"]*\"")


def of_language(path: Path) -> str:
    return f"{path.parents[1].name}-{path.stem}"


@pytest.mark.parametrize("module", MODULES)
def test_german_is_among_them(module: str) -> None:
    assert [path.stem for path in LANGUAGES if path.parents[1].name == module] == ["de"]


@pytest.mark.parametrize("path", LANGUAGES, ids=of_language)
def test_each_term_is_translated(path: Path) -> None:
    (template,) = path.parent.glob("*.pot")
    translated = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    terms = {entry.msgid for entry in polib.pofile(str(template))}
    assert not terms - translated.keys(), "to be translated"
    assert not translated.keys() - terms, "no longer said"
    assert not [term for term, text in translated.items() if not text.strip()]


@pytest.mark.parametrize("path", LANGUAGES, ids=of_language)
def test_placeholders_and_markup_are_the_terms_own(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        assert sorted(PARTS.findall(entry.msgstr)) == sorted(PARTS.findall(entry.msgid)), entry.msgid
