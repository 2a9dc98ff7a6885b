"""The wheel in an Odoo environment that knows nothing of this checkout: pip installs it, Odoo finds and installs it."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from scripts.host.database import running_host
from scripts.host.paths import ROOT, keyed

DATABASE = f"fba_wheel_{keyed('wheel', str(ROOT)).name[-6:]}"


def run(*words: object, **options: object) -> str:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise AssertionError(f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class TestWheel(unittest.TestCase):
    def test_pip_installs_what_odoo_then_finds(self):
        with tempfile.TemporaryDirectory() as name, running_host() as host:
            folder = Path(name)
            sources = folder / "sources"  # setuptools leaves its traces where it builds
            for addon in ("fba_connector", "fba_connector_queue"):
                shutil.copytree(ROOT / addon, sources / addon)
            for file in ("setup.py", "pyproject.toml", "LICENSE"):
                shutil.copy(ROOT / file, sources)
            run(
                sys.executable,
                "-m",
                "pip",
                "wheel",
                "--no-deps",
                "--no-build-isolation",
                "--wheel-dir",
                folder,
                sources,
            )
            (wheel,) = folder.glob("*.whl")
            python = self.fresh_environment(folder / "venv")
            run(python, "-m", "pip", "install", "--no-index", wheel)
            config = folder / "odoo.conf"
            lines = Path(host.config).read_text(encoding="utf-8").splitlines()
            config.write_text("\n".join(line.replace(f",{ROOT}", "") for line in lines), encoding="utf-8")
            self.assertNotIn(str(ROOT), config.read_text(encoding="utf-8"))
            host.fresh(DATABASE, addon=False)
            options = ("--stop-after-init", "--no-http", "--log-level", "warn")
            odoo = (python, "-m", "odoo", "server", "--config", config, "--database", DATABASE)
            run(*odoo, "--init", "fba_connector", *options, cwd=folder)
            shell = (python, "-m", "odoo", "shell", "--config", config, "--database", DATABASE, "--no-http")
            said = run(*shell, "--log-level", "error", cwd=folder, input=QUESTION)
            self.assertIn("installed True", said)
            self.assertIn("queue: uninstalled True", said, "OCA's module, which it needs, is not there")

    @staticmethod
    def fresh_environment(folder: Path) -> Path:
        """A virtual environment in which there is Odoo with what it needs, as on any server, and no add-on."""
        run(sys.executable, "-m", "venv", folder)
        python = folder / "bin/python"
        (packages,) = folder.glob("lib/python3*/site-packages")
        odoo = [
            path for path in map(Path, sys.path) if path != ROOT and path.name in ("site-packages", "dist-packages")
        ]
        (packages / "host.pth").write_text("\n".join(map(str, odoo)), encoding="utf-8")
        return python


QUESTION = """
import odoo.addons.fba_connector as module
from pathlib import Path
state = env["ir.module.module"].search([("name", "=", "fba_connector")]).state
print(state, "site-packages" in Path(module.__file__).parts and "venv" in Path(module.__file__).parts)
from odoo.modules import get_module_path
queue = Path(get_module_path("fba_connector_queue"))
files = ("views/fba_account_views.xml", "i18n/de.po", "static/description/icon.png", "models/queue_job.py")
there = all((queue / file).exists() for file in files) and not (queue / "tests").exists()
print("queue:", env["ir.module.module"]._get("fba_connector_queue").state, "venv" in queue.parts and there)
"""

if __name__ == "__main__":
    unittest.main()
