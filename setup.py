"""The add-on as a Python package: `odoo.addons.fba_connector`, found by any Odoo of the same environment.

`odoo` and `odoo.addons` are left without `__init__.py`: they belong to Odoo.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ADDON = Path(__file__).parent / "fba_connector"
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text(encoding="utf-8"))
NAME = "odoo.addons.fba_connector"

# The add-on's tests need the simulator, which is not part of the package.
SUBPACKAGES = find_packages(str(ADDON), exclude=["tests", "tests.*"])

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
    packages=[NAME, *(f"{NAME}.{package}" for package in SUBPACKAGES)],
    package_dir={NAME: "fba_connector"},
    package_data={
        NAME: [f"**/*.{ending}" for ending in ("csv", "xml", "sql", "po", "pot", "png", "svg", "js", "scss", "html")]
    },
    exclude_package_data={NAME: ["tests/**", "static/tests/**"]},
    zip_safe=False,
    classifiers=["Framework :: Odoo", "Framework :: Odoo :: 19.0", "Programming Language :: Python :: 3"],
)
