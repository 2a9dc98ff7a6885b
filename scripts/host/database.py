"""Databases: templates of plain Odoo and of the add-on as it is now, each made once; all others are copies."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from .odoo import addons_path, data_dir
from .paths import ROOT, keyed
from .postgres import ROLE, Cluster
from .step import SetupError, exclusive, is_done, mark_done, run, step

# What the add-on depends on and what a shop of the demo story has; installed once, with Odoo's demo data.
TEMPLATE_MODULES = ("sale_stock", "stock_delivery", "sale_management")
MODULE = "fba_connector"
TEMPLATES_KEPT = 4  # with the add-on: each change of it makes another
LOGIN = PASSWORD = "admin"  # noqa: S105 (Odoo's own default for demo databases)

# What a browser loads, put together once: a test forgets what was put together while it ran, and a page waits for it.
BUNDLES = """
for name in ("web", "frontend", "frontend_minimal", "frontend_lazy", "tests"):
    bundle = env["ir.qweb"]._get_asset_bundle(f"web.assets_{name}", css=True, js=True)
    bundle.css()
    bundle.js()
env.cr.commit()
"""


class Host:
    """Odoo, its Python and a running cluster: makes databases and Odoo commands."""

    def __init__(self, python: Path, odoo_home: Path, cluster: Cluster, *more_addons: Path) -> None:
        self.python = python
        self._odoo_home = odoo_home
        self._cluster = cluster
        self._more_addons = more_addons
        self.config = self._write_config()

    def _write_config(self) -> Path:
        """An Odoo configuration a checkout: the cluster's socket, all add-on folders, loopback only."""
        more = [str(folder) for folder in self._more_addons]
        path = keyed("config", str(ROOT), str(self._cluster.home), str(self._odoo_home), *more) / "odoo.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        folders = [*addons_path(self._odoo_home), ROOT, *self._more_addons]
        text = (
            "[options]\n"
            f"addons_path = {','.join(map(str, folders))}\n"
            f"data_dir = {data_dir()}\n"
            f"db_host = {self._cluster.socket_dir}\n"
            f"db_user = {ROLE}\n"
            "http_interface = 127.0.0.1\n"
            "with_demo = True\n"
        )
        if not path.exists() or path.read_text() != text:
            new = path.with_name(f"{path.name}.{os.getpid()}")
            new.write_text(text)
            new.replace(path)  # whole at once: others may be reading it
        return path

    def odoo(self, command: str, *words: str | Path) -> list[str]:
        """An Odoo command line on this host: `server`, `module uninstall`, …"""
        return [str(self.python), "-m", "odoo", *command.split(), "--config", str(self.config), *map(str, words)]

    def _run(self, command: str, database: str, *words: str | Path, hint: str, **options) -> None:
        log = self.config.with_name(f"{database}.log")
        whole = self.odoo(command, "--database", database, *words)
        with log.open("w") as handle:
            try:
                run(whole, hint=hint, stdout=handle, stderr=subprocess.STDOUT, **options)
            except SetupError as error:
                tail = "\n".join(log.read_text().splitlines()[-25:])
                raise SetupError(f"{tail}\n\n{error}\nThe whole log: {log}") from error

    def install(self, database: str, *modules: str) -> None:
        """Create `database` if need be and install `modules` with demo data."""
        options = ("--init", ",".join(modules), "--stop-after-init", "--log-level", "warn", "--no-http")
        self._run("server", database, *options, hint="Read the last lines above; after mending, repeat the command.")

    def update(self, database: str, module: str = MODULE) -> None:
        """The add-on's update, as after a new version was put in place."""
        options = ("--update", module, "--stop-after-init", "--log-level", "warn", "--no-http")
        self._run("server", database, *options, hint="Read the last lines above.")

    def load_languages(self, database: str, *codes: str) -> None:
        """What all installed modules say, in these languages."""
        self._run("i18n loadlang", database, "--languages", *codes, hint="Read the last lines above.")

    def uninstall(self, database: str, module: str) -> None:
        self._run("module uninstall", database, module, hint="Read the last lines above.")

    def template(self) -> str:
        """Plain Odoo, which the others are copied from; made on first use."""
        name = f"template-{_key(f'{self._odoo_home}{TEMPLATE_MODULES}'.encode())}"
        title = f"Template database: {', '.join(TEMPLATE_MODULES)} with demo data (about 90 s)"
        return self._made(name, title, lambda: self.install(name, *TEMPLATE_MODULES))

    def addon_template(self) -> str:
        """The same with the add-on as its files are now; made on first use of each state of them."""
        plain = self.template()
        name = f"{MODULE}-{_key(plain.encode(), *_addon_files())}"

        def make() -> None:
            self._copy(plain, name)
            self.install(name, MODULE)
            self._run("shell", name, "--no-http", "--log-level", "warn", hint="", input=BUNDLES, text=True)

        self._made(name, "Template database with the add-on (about 40 s)", make)
        self._forget_all_but_newest(MODULE)
        return name

    def _made(self, name: str, title: str, make: Callable[[], None]) -> str:
        mark = self._cluster.home / name  # gone with the cluster
        with exclusive(name.partition("-")[0]):
            if not is_done(mark):
                with step(title):
                    self.drop(name)
                    make()
                    mark.mkdir(exist_ok=True)
            mark_done(mark)  # the newest use
        return name

    def _forget_all_but_newest(self, kind: str) -> None:
        marks = sorted(self._cluster.home.glob(f"{kind}-*/.complete"), key=lambda mark: mark.stat().st_mtime)
        for mark in marks[:-TEMPLATES_KEPT]:
            with exclusive("copy"):
                shutil.rmtree(mark.parent, ignore_errors=True)
                self.drop(mark.parent.name)

    def has(self, database: str) -> bool:
        return self._cluster.has(database)

    def fresh(self, database: str, *, addon: bool = True) -> None:
        """`database` made anew: a copy of a template, with the add-on or of plain Odoo."""
        template = self.addon_template() if addon else self.template()
        with step(f"Database {database} {'with the add-on' if addon else 'of plain Odoo'}"):
            self._copy(template, database)

    def _copy(self, source: str, database: str) -> None:
        with exclusive("copy"):
            self.drop(database)
            self._cluster.copy(source, database)
            if _filestore(source).exists():
                # Files of a filestore are never changed, only added and removed.
                shutil.copytree(_filestore(source), _filestore(database), copy_function=os.link)

    def drop(self, database: str) -> None:
        self._cluster.drop(database)
        shutil.rmtree(_filestore(database), ignore_errors=True)

    def beside(self, folder: Path) -> "Host":
        """The host with the add-ons in `folder`, too."""
        return Host(self.python, self._odoo_home, self._cluster, folder)

    @contextlib.contextmanager
    def moved(self, database: str) -> Iterator["Host"]:
        """The host with a PostgreSQL of its own that holds `database` too, and may be killed."""
        cluster = Cluster(lasting=True)
        with exclusive("setup"):
            cluster.install()
        with cluster.running():
            with step(f"Database {database} on a PostgreSQL of its own"):
                cluster.take(database, self._cluster)
            yield Host(self.python, self._odoo_home, cluster, *self._more_addons)


@contextlib.contextmanager
def running_host() -> Iterator[Host]:
    """The host this process was started on by `python3 -m scripts`, with PostgreSQL up."""
    with Cluster().running() as cluster:
        yield Host(Path(sys.executable), Path(os.environ["FBA_ODOO"]), cluster)


def _key(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _addon_files() -> Iterator[bytes]:
    """Names and contents of all that is installed: the add-on without its tests."""
    folder = ROOT / MODULE
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] != "tests" and "__pycache__" not in name.parts:
            yield from (str(name).encode(), path.read_bytes())


def _filestore(database: str) -> Path:
    return data_dir() / "filestore" / database
