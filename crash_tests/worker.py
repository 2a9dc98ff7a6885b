"""A worker process: runs scheduled actions with their commits, and dies of SIGKILL where it is told to."""

import os
import signal
import traceback
from collections.abc import Callable, Sequence

import odoo
import psycopg2
from odoo import sql_db
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

Action = Callable[[odoo.api.Environment], None]
NO_DATABASE = 3  # exit status
KILLED, BEREFT, DONE = "killed", "bereft of its database", "done"  # how a worker ends


def push(env) -> None:
    env["fba.account"]._cron_push_fulfillment_orders()


def pull(env) -> None:
    env["fba.account"]._cron_pull_fulfillment_orders()


def import_sales(env) -> None:
    env["fba.account"]._cron_import_amazon_orders()


def replay(env) -> None:
    """All orders that wait, tried again as the server does for a person: until no other transaction is in the way."""
    retrying(env["fba.amazon.order"].search([("is_due", "=", True)]).action_replay, env)


def create_invoices(env) -> None:
    """A person invoices all that Odoo lists as to invoice, once the server's tries are over."""

    def press() -> None:
        to_invoice = [("amazon_order_id", "!=", False), ("invoice_status", "=", "to invoice")]
        env["sale.order"].search(to_invoice)._create_invoices(grouped=True)

    try:
        retrying(press, env)
    except (UserError, psycopg2.errors.SerializationFailure):  # nothing is left; or others are in the way
        env.cr.rollback()


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Worker:
    """Forked from this process as Odoo's server forks its workers; `actions` one after the other, then the end.

    `point` counts the moments around its commits: 1 is just before the first COMMIT, 2 just after it, 3 just before
    the second. There `doom` strikes. Of commits only those count that have something to write.
    """

    def __init__(
        self, database: str, actions: Sequence[Action], point: int = 0, doom: Callable[[], None] = kill_itself
    ) -> None:
        self._pid = os.fork()
        if self._pid:
            return
        status = 1
        try:
            _leave_connections_to_parent()
            if point:
                _strike_at(point, database, doom)
            for action in actions:
                with Registry(database).cursor() as cr:
                    action(odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {}))
            status = 0
        except psycopg2.Error as error:
            # What PostgreSQL itself complains about has a code; without it there was nobody to talk to.
            status = NO_DATABASE if not error.pgcode or error.pgcode.startswith("57P") else 1
            traceback.print_exc()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)  # nothing of the parent's is ended here: its tests, its simulator

    def end(self) -> str:
        """Wait for it: KILLED, BEREFT or DONE. Raises AssertionError where it failed instead."""
        _pid, status = os.waitpid(self._pid, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return KILLED
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == NO_DATABASE:
            return BEREFT
        assert not status, f"the worker ended with status {status}; what it said stands above"
        return DONE


def _leave_connections_to_parent() -> None:
    """Close our copies of the inherited connections without a word to PostgreSQL: it would end the parent's."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for pool in filter(None, (sql_db._Pool, sql_db._Pool_readonly)):
        for connection in pool._connections:
            os.dup2(nowhere, connection.fileno())
    sql_db.close_all()


def _strike_at(point: int, database: str, doom: Callable[[], None]) -> None:
    passed = 0
    commit = sql_db.PsycoConnection.commit

    def pass_moment():
        nonlocal passed
        passed += 1
        if passed == point:
            doom()

    def counted(connection):
        counts = connection.info.dbname == database and _has_written(connection)
        if counts:
            pass_moment()
        commit(connection)
        if counts:
            pass_moment()

    sql_db.PsycoConnection.commit = counted


def _has_written(connection) -> bool:
    """Whether the transaction has changed or locked a row."""
    with connection.cursor() as cr:
        cr.execute("SELECT pg_current_xact_id_if_assigned()")
        return cr.fetchone()[0] is not None
