"""The languages that come with the add-on are whole: each term of the template, its placeholders and its markup."""

import re
from pathlib import Path

import polib
import pytest

I18N = Path(__file__).parents[1] / "fba_connector/i18n"
TEMPLATE = polib.pofile(str(I18N / "fba_connector.pot"))
LANGUAGES = sorted(I18N.glob("*.po"))
PARTS = re.compile(r"%\(\w+\)[sdg]|%[sdg%]|\{\{[^}]*\}\}|</?\w+|(?:t-out|t-if|t-foreach|invisible)=\"[^\"]*\"")


def test_german_is_among_them() -> None:
    assert [path.stem for path in LANGUAGES] == ["de"]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_each_term_is_translated(path: Path) -> None:
    translated = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    terms = {entry.msgid for entry in TEMPLATE}
    assert not terms - translated.keys(), "to be translated"
    assert not translated.keys() - terms, "no longer said"
    assert not [term for term, text in translated.items() if not text.strip()]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_placeholders_and_markup_are_the_terms_own(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        assert sorted(PARTS.findall(entry.msgstr)) == sorted(PARTS.findall(entry.msgid)), entry.msgid
