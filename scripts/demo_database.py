"""The demo's database and its simulator's state: one of each per checkout, made together."""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from .host.database import Host
from .host.paths import ROOT, keyed
from .host.postgres import Cluster
from .host.step import is_done, mark_done

FOLDER = keyed("demo", str(ROOT))
NAME = f"fba_demo_{FOLDER.name[-6:]}"


def state_file() -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / "simulator.state"


def _mark() -> Path:
    """Beside the databases, so that it is gone with them."""
    return Cluster().home / NAME


def is_made() -> bool:
    return is_done(_mark())


def mark_made() -> None:
    _mark().mkdir(exist_ok=True)
    mark_done(_mark())


def forget() -> None:
    """A demo half-way is no demo: the next run starts anew."""
    shutil.rmtree(_mark(), ignore_errors=True)
    state_file().unlink(missing_ok=True)


@contextlib.contextmanager
def administrator(host: Host, *, log_level: str = "error") -> Iterator:
    """An environment of the demo's administrator, in this process; committed at the end."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["--config", str(host.config), "--database", NAME, "--log-level", log_level], setup_logging=True
    )
    with Registry(NAME).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
        yield env(user=env.ref("base.user_admin"))


def point_account_at(env, simulator) -> None:
    """The demo's account talks to `simulator`; nothing of the demo talks to anyone else."""
    env["res.company"].search([]).write({"iap_enrich_auto_done": True})  # Odoo looks companies up at its own service
    account = env.ref("fba_connector.account_us")
    endpoints = {"api_endpoint": simulator.url, "lwa_endpoint": simulator.lwa_url}
    if any(account[name] != url for name, url in endpoints.items()):  # else its connection stays tested
        account.write(endpoints)


def run_scheduler(env) -> None:
    """Odoo's procurement scheduler, now and in one transaction; its next run is tomorrow.

    As a scheduled action it writes the reordering rules in two transactions: where their quantities have changed since
    its last run, as they have in any new database, the second one fails and fills the log.
    """
    env["stock.rule"].run_scheduler()
    env.ref("stock.ir_cron_scheduler_action").nextcall = env.cr.now() + timedelta(days=1)
