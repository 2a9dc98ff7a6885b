"""README's two commands, in a copy of the checkout as someone new has it."""

import os
import shutil
import subprocess
import sys
import unittest

import requests

from scripts.host.paths import ROOT, keyed

NOT_SOURCES = (".git", "__pycache__", ".*_cache")


class TestDemo(unittest.TestCase):
    def setUp(self):
        self.copy = keyed("demo_test", str(ROOT))  # always there: each new place would leave another demo's database
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(ROOT, self.copy, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        self.addCleanup(shutil.rmtree, self.copy)

    def test_demo_then_serve(self):
        # As someone types it: `make` above hands its own words on.
        environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "ARGS")}
        options = {"capture_output": True, "text": True, "check": False, "env": environment}
        demo = subprocess.run([shutil.which("make"), "demo"], cwd=self.copy, **options)
        self.assertEqual(demo.returncode, 0, demo.stdout[-3000:] + demo.stderr[-3000:])
        self.assertIn("`make serve` opens this database in the browser.", demo.stdout)
        command = [sys.executable, "-u", "-m", "scripts", "serve"]
        with subprocess.Popen(command, cwd=self.copy, stdout=subprocess.PIPE, text=True, start_new_session=True) as it:
            try:
                for what in ("Odoo", "Amazon"):
                    url = next(line.split()[1] for line in it.stdout if line.split()[:1] == [what])
                    self.assertTrue(requests.get(url, timeout=60).ok, url)
            finally:
                it.terminate()  # as Ctrl-C, which a job in the background does not hear
                rest = it.stdout.read()
            self.assertEqual(it.wait(timeout=60), 0, rest)


if __name__ == "__main__":
    unittest.main()
