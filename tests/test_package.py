"""The wheel: everything the add-on needs in Odoo, and nothing else."""

import ast
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "fba_connector"
QUEUE = ROOT / "fba_connector_queue"
INSIDE = "odoo/addons/fba_connector"
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel, opened. Built from a copy: setuptools leaves build/ and *.egg-info in the sources."""
    folder = tmp_path_factory.mktemp("package")
    sources = folder / "sources"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("fba_connector", "fba_connector_queue", "amazon_simulator", "scripts", "tests"):
        shutil.copytree(ROOT / name, sources / name, ignore=ignored)
    for name in ("setup.py", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir"]
    command = [sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", folder, sources]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def names(wheel):
    return set(wheel.namelist())


def expected(*patterns, addon=ADDON):
    """Files of the add-on, as they are named in the wheel."""
    found = [path for pattern in patterns for path in addon.glob(pattern) if path.is_file()]
    return {f"odoo/addons/{path.relative_to(ROOT).as_posix()}" for path in found}


def test_wheel_has_every_file_the_manifest_names(names):
    assert {f"{INSIDE}/{name}" for name in (*MANIFEST["data"], *MANIFEST["demo"])} <= names


@pytest.mark.parametrize(
    "pattern",
    [
        "__manifest__.py",
        "*.py",
        "amazon/*.py",
        "models/**/*.py",
        "wizards/*.py",
        "security/ir.model.access.csv",
        "data/neutralize.sql",
        "static/description/icon.png",
    ],
)
def test_wheel_has_the_files_of_the_addon(names, pattern):
    files = expected(pattern)
    assert files
    assert files <= names


def test_wheel_has_all_static_files_and_translations(names):
    assert expected("static/**/*", "i18n/*") - expected("static/tests/**/*") <= names


def test_wheel_has_the_addon_and_its_job_queue_only(names):
    ours = (f"{INSIDE}/", f"{INSIDE}_queue/", "odoo_addon_fba_connector-")
    assert not {name for name in names if not name.startswith(ours)}


@pytest.mark.parametrize(
    "pattern", ["*.py", "models/*.py", "data/*", "views/*", "i18n/*", "static/description/icon.png"]
)
def test_wheel_has_the_files_of_the_job_queue(names, pattern):
    files = expected(pattern, addon=QUEUE)
    assert files
    assert files <= names


def test_wheel_has_no_tests(names):
    assert not [name for name in names if "/tests/" in name]


def test_wheel_leaves_the_namespace_to_odoo(names):
    assert not {"odoo/__init__.py", "odoo/addons/__init__.py"} & names


def test_wheel_carries_version_license_and_requirements(wheel, names):
    (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
    fields = HeaderParser().parsestr(wheel.read(metadata).decode())
    assert fields["Version"] == MANIFEST["version"]
    assert fields["License"] == "LGPL-3.0-only"
    assert any(line.startswith("python-amazon-sp-api") for line in fields.get_all("Requires-Dist"))
    assert any("queue-job" in line and 'extra == "queue"' in line for line in fields.get_all("Requires-Dist"))
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
