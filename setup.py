"""The add-on as a Python package: `odoo.addons.fba_connector`, found by any Odoo of the same environment; beside it the
job queue's module, which Odoo installs where there is OCA's queue_job.

`odoo` and `odoo.addons` are left without `__init__.py`: they belong to Odoo.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
ADDONS = ("fba_connector", "fba_connector_queue")
MANIFEST = ast.literal_eval((ROOT / ADDONS[0] / "__manifest__.py").read_text(encoding="utf-8"))
ENDINGS = ("csv", "xml", "sql", "po", "pot", "png", "svg", "js", "scss", "html")


def packages_of(addon):
    """Without its tests: they need the simulator, which is not part of the package."""
    found = find_packages(str(ROOT / addon), exclude=["tests", "tests.*"])
    return [f"odoo.addons.{addon}", *(f"odoo.addons.{addon}.{package}" for package in found)]


setup(
    name="odoo-addon-fba_connector",
    version=MANIFEST["version"],
    description=MANIFEST["summary"],
    author=MANIFEST["author"],
    license="LGPL-3.0-only",
    license_files=["LICENSE"],
    python_requires=">=3.10",
    # Odoo 19 itself is not named: PyPI has no release of it that pip could choose.
    install_requires=["python-amazon-sp-api>=2.1.35,<3", "httpx"],
    extras_require={"queue": ["odoo-addon-queue-job>=19.0.2.4,<20"]},
    packages=[package for addon in ADDONS for package in packages_of(addon)],
    package_dir={f"odoo.addons.{addon}": addon for addon in ADDONS},
    package_data={f"odoo.addons.{addon}": [f"**/*.{ending}" for ending in ENDINGS] for addon in ADDONS},
    exclude_package_data={f"odoo.addons.{addon}": ["tests/**", "static/tests/**"] for addon in ADDONS},
    zip_safe=False,
    classifiers=["Framework :: Odoo", "Framework :: Odoo :: 19.0", "Programming Language :: Python :: 3"],
)
