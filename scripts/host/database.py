"""Databases: one template a host and list of modules, copies in seconds, the add-on on a copy."""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .odoo import addons_path, data_dir
from .paths import ROOT, keyed
from .postgres import ROLE, Cluster
from .step import SetupError, exclusive, is_done, mark_done, run, step

# What the add-on depends on and what a shop of the demo story has; installed once, with Odoo's demo data.
TEMPLATE_MODULES = ("sale_stock", "stock_delivery", "sale_management")
MODULE = "fba_connector"
LOGIN = PASSWORD = "admin"  # noqa: S105 (Odoo's own default for demo databases)


class Host:
    """Odoo, its Python and a running cluster: makes databases and Odoo commands."""

    def __init__(self, python: Path, odoo_home: Path, cluster: Cluster) -> None:
        self.python = python
        self._odoo_home = odoo_home
        self._cluster = cluster
        self.config = self._write_config()

    def _write_config(self) -> Path:
        """An Odoo configuration a checkout: the cluster's socket, all add-on folders, loopback only."""
        path = keyed("config", str(ROOT), str(self._cluster.home), str(self._odoo_home)) / "odoo.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        folders = [*addons_path(self._odoo_home), ROOT]
        path.write_text(
            "[options]\n"
            f"addons_path = {','.join(map(str, folders))}\n"
            f"data_dir = {data_dir()}\n"
            f"db_host = {self._cluster.socket_dir}\n"
            f"db_user = {ROLE}\n"
            "http_interface = 127.0.0.1\n"
            "with_demo = True\n"
        )
        return path

    def odoo(self, command: str, *words: str | Path) -> list[str]:
        """An Odoo command line on this host: `server`, `module uninstall`, …"""
        return [str(self.python), "-m", "odoo", *command.split(), "--config", str(self.config), *map(str, words)]

    def _run(self, *words: str | Path, hint: str) -> None:
        log = self.config.with_name("odoo.log")
        command = self.odoo(*words)
        with log.open("w") as handle:
            try:
                run(command, hint=hint, stdout=handle, stderr=subprocess.STDOUT)
            except SetupError as error:
                tail = "\n".join(log.read_text().splitlines()[-25:])
                raise SetupError(f"{tail}\n\n{error}\nThe whole log: {log}") from error

    def install(self, database: str, *modules: str) -> None:
        """Create `database` if need be and install `modules` with demo data."""
        options = ("--init", ",".join(modules), "--stop-after-init", "--log-level", "warn", "--no-http")
        hint = "Read the last lines above; after mending, repeat the command."
        self._run("server", "--database", database, *options, hint=hint)

    def update(self, database: str) -> None:
        """The add-on's update, as after a new version was put in place."""
        options = ("--update", MODULE, "--stop-after-init", "--log-level", "warn", "--no-http")
        self._run("server", "--database", database, *options, hint="Read the last lines above.")

    def uninstall(self, database: str, module: str) -> None:
        self._run("module uninstall", "--database", database, module, hint="Read the last lines above.")

    def template(self) -> str:
        """The database all others are copied from, made on first use."""
        key = hashlib.sha256(f"{self._odoo_home}{TEMPLATE_MODULES}".encode()).hexdigest()[:12]
        name, folder = f"template-{key}", self._cluster.home / f"template-{key}"  # gone with the cluster
        with exclusive("template"):
            if not is_done(folder):
                with step(f"Template database: {', '.join(TEMPLATE_MODULES)} with demo data (about 90 s)"):
                    self._cluster.drop(name)
                    self.install(name, *TEMPLATE_MODULES)
                    folder.mkdir(parents=True, exist_ok=True)
                    mark_done(folder)
        return name

    def fresh(self, database: str, *, addon: bool = True) -> None:
        """`database` made anew: a copy of the template, with the add-on installed or plain Odoo."""
        template = self.template()
        with step(f"Database {database} {'with the add-on' if addon else 'of plain Odoo'}"):
            self._copy(template, database)
            if addon:
                self.install(database, MODULE)

    def copied(self, source: str, database: str) -> None:
        """`database` made anew: a copy of `source`."""
        with step(f"Database {database}, a copy of {source}"):
            self._copy(source, database)

    def _copy(self, source: str, database: str) -> None:
        # One copy at a time: PostgreSQL refuses to copy a database somebody is connected to.
        with exclusive("template"):
            self._run("db", "duplicate", "--force", source, database, hint="Close what uses the database.")

    @contextlib.contextmanager
    def moved(self, database: str) -> Iterator["Host"]:
        """The host with a PostgreSQL of its own that holds `database` too, and may be killed."""
        cluster = Cluster(lasting=True)
        with exclusive("setup"):
            cluster.install()
        with cluster.running():
            with step(f"Database {database} on a PostgreSQL of its own"):
                cluster.take(database, self._cluster)
            yield Host(self.python, self._odoo_home, cluster)


@contextlib.contextmanager
def running_host() -> Iterator[Host]:
    """The host this process was started on by `python3 -m scripts`, with PostgreSQL up."""
    with Cluster().running() as cluster:
        yield Host(Path(sys.executable), Path(os.environ["FBA_ODOO"]), cluster)
