"""`make check` reads the newest commits: their first line, that they say why, and only those that knew of the rule."""

import subprocess

import pytest

from scripts import check_commits
from scripts.check_commits import RULE, findings, newest

GOOD = "[FIX] fba_sku: a SKU in lower case is found\n\nSellers write them as they like.\n"


@pytest.mark.parametrize("tag", ["FIX", "ADD", "IMP", "REF", "DOC"])
def test_message_as_it_should_be(tag):
    assert not list(findings(GOOD.replace("FIX", tag)))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("fba_sku: a SKU in lower case is found\n\nWhy.\n", "not `[TAG] room: one idea`"),
        ("[NEW] fba_sku: lower case\n\nWhy.\n", "not `[TAG] room: one idea`"),
        ("[FIX] lower case\n\nWhy.\n", "not `[TAG] room: one idea`"),
        ("[FIX] fba_sku:\n\nWhy.\n", "not `[TAG] room: one idea`"),
        (f"[FIX] fba_sku: {'x' * 58}\n\nWhy.\n", "73 characters, at most 72"),
        ("[FIX] fba_sku: lower case\nWhy.\n", "no empty line"),
        ("[FIX] fba_sku: lower case\n", "no body"),
        ("[FIX] fba_sku: lower case\n\n\n", "no body"),
        ("", "not `[TAG] room: one idea`"),
    ],
)
def test_message_that_is_refused(message, words):
    assert any(words in finding for finding in findings(message))


def test_first_line_of_72_characters_is_good():
    assert not list(findings(f"[FIX] fba_sku: {'x' * 57}\n\nWhy.\n"))


@pytest.fixture
def repository(tmp_path):
    """A repository's folder, and a function that commits there."""
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]

    def run(*words):
        subprocess.run([*git, *words], cwd=tmp_path, check=True, capture_output=True)

    def commit(message, *files):
        for name in files:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(message, encoding="utf-8")
            run("add", name)
        run("commit", "--allow-empty", "-m", message)

    run("init", "--quiet")
    return tmp_path, commit


def messages(root):
    return [message.strip() for _commit, message in newest(root)]


def test_only_commits_since_the_rule_are_read(repository):
    root, commit = repository
    commit("before it")
    commit("the rule", RULE)
    commit("after it")
    commit("the latest, which changes it", RULE)
    assert messages(root) == ["the latest, which changes it", "after it", "the rule"]


def test_only_the_newest_are_read(repository, monkeypatch):
    root, commit = repository
    monkeypatch.setattr(check_commits, "NEWEST", 2)
    commit("the rule", RULE)
    for number in range(3):
        commit(f"commit {number}")
    assert messages(root) == ["commit 2", "commit 1"]


def test_shallow_clone_is_read_as_far_as_it_goes(repository, tmp_path_factory):
    root, commit = repository
    commit("the rule", RULE)
    commit("cut off")
    commit("the oldest there is")
    commit("the latest")
    clone = tmp_path_factory.mktemp("clone")
    command = ["git", "clone", "--quiet", "--depth", "2", root.as_uri(), clone]
    subprocess.run(command, check=True, capture_output=True)
    assert messages(clone) == ["the latest", "the oldest there is"]


def test_sources_without_git_have_no_commits(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert newest(tmp_path) == []


def test_repository_without_commits_has_none(repository):
    root, _commit = repository
    assert newest(root) == []
