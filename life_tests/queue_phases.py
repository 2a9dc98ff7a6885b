"""What is done and seen while the job queue comes and goes; each phase in a process of its own."""

import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from types import SimpleNamespace

from . import phases

MODULE = "fba_connector_queue"
KEPT_DAYS = 5  # an administrator's choice
COLUMNS = ("answer", "answer_at")  # of fba_fulfillment_order
WAITING = ("pending", "enqueued")


def company(env):
    """What tests make and ask; with the simulator that outlives all phases."""
    from odoo.addons.fba_connector.tests.common import SimulatorMixin

    class Company(SimulatorMixin):
        """Not a test."""

    Company.env, Company.simulator = env, SIMULATOR
    return Company


@contextmanager
def runner(env):
    """What others see of a job runner."""
    from odoo.addons.fba_connector_queue.tests.runner import start_runner

    with closing(start_runner(env.cr.dbname)):
        yield


def jobs(env, *states):
    return env["queue.job"].search([("model_name", "=", "fba.account"), ("state", "in", states)], order="id")


def perform(env, records):
    """As queue_job runs them."""
    from odoo.addons.queue_job.job import Job

    for record in records:
        job = Job.load(env(user=record.user_id.id), record.uuid)
        job.set_started()
        job.perform()
        job.set_done()
        job.store()
        env.cr.commit()


def order(env, kind):
    return env["fba.fulfillment.order"].search([("sale_id.client_order_ref", "=", kind)])


def work(env) -> None:
    """One order at Amazon, whose answer waits to be applied, and one that waits to be sent: each with its job."""
    from odoo.addons.fba_connector.models.fulfillment import fba_account as fulfillment
    from odoo.addons.fba_connector_queue.models import fba_account_parts as parts

    fulfillment.ORDERS_AT_ONCE = parts.ORDERS_AT_ONCE = 1  # all is shared out
    Company = company(env)
    Company.set_up_company()
    Company.reset_simulator()
    Company.control("POST", "settings", auto_ship=False)
    env["fba.account"].search([("id", "!=", Company.account.id)]).paused = True
    env["queue.job"].search([]).unlink()  # those of the demo's accounts
    channel_of(env, Company.account).removal_interval = KEPT_DAYS
    for kind in ("shipped", "waits"):
        Company.sourced({Company.product_a: 2}, client_order_ref=kind)
    env.cr.commit()  # jobs are added from outside, which knows no account that is only about to come
    with runner(env):
        order(env, "shipped").action_submit()
        env.cr.commit()
        perform(env, jobs(env, *WAITING))
        assert order(env, "shipped").state == "in_shipping", order(env, "shipped").error_message
        Company.ship(order(env, "shipped"), ("1Z", {"A": 2}))
        env["fba.account"]._cron_pull_fulfillment_orders()
        env.cr.commit()
        perform(env, jobs(env, *WAITING))
        order(env, "waits").action_submit()
        env.cr.commit()
    assert order(env, "shipped").answer_at and order(env, "waits").state == "queued"
    assert jobs(env, *WAITING).mapped("method_name") == ["_apply_in_queue", "_work_in_queue"]


def channel_of(env, account):
    return env["queue.job.channel"].search([("complete_name", "=", f"root.fba.{account.id}")])


def updated(env) -> None:
    """All waits as it did."""
    assert len(jobs(env, *WAITING)) == 2 and len(jobs(env, "done")) == 2
    account = order(env, "waits").account_id
    assert channel_of(env, account).removal_interval == KEPT_DAYS
    assert order(env, "shipped").answer_at
    with runner(env):
        assert not account.queue_problem
    for kind in ("form", "kanban"):
        assert "queue_problem" in env["fba.account"].get_views([(False, kind)])["views"][kind]["arch"]


def removed(env) -> None:
    """Jobs that waited are cancelled, nothing of the module is left, and the scheduled actions do the work."""
    assert not jobs(env, *WAITING) and len(jobs(env, "cancelled")) == 2, jobs(env, *WAITING).mapped("func_string")
    assert all(env["queue.job"].search([]).mapped("records"))
    channels = env["queue.job.channel"].search([("complete_name", "=like", "root.fba%")])
    assert not channels, channels.mapped("complete_name")
    assert not env["queue.job.function"].search([("name", "like", "<fba.")])
    env["queue.job"]._gc_old_jobs()
    nothing_is_left(env)
    send(env)
    follow(env)


def alone(env) -> None:
    """Without queue_job, too."""
    assert "queue.job" not in env
    Company = company(env)
    sale = order(env, "waits").sale_id.copy({"client_order_ref": "new"})
    sale.action_confirm()
    sale.action_fulfill_by_amazon()
    order(env, "new").action_submit()
    env.cr.commit()
    env["fba.account"]._cron_push_fulfillment_orders()
    assert order(env, "new").state == "in_shipping", order(env, "new").error_message
    assert len(Company.journal("createFulfillmentOrder")) == 3, "each is sent once"


def send(env) -> None:
    env["fba.account"]._cron_push_fulfillment_orders()
    assert order(env, "waits").state == "in_shipping", order(env, "waits").error_message


def follow(env) -> None:
    """What was kept of Amazon's answer went with the module: it is read again."""
    shipped = order(env, "shipped")
    shipped.due_at -= timedelta(hours=1)
    env.cr.commit()
    env["fba.account"]._cron_pull_fulfillment_orders()
    assert shipped.state == "shipped", (shipped.state, shipped.error_message)


def nothing_is_left(env) -> None:
    left = env["ir.model.data"].search([("module", "=", MODULE)])
    assert not left, left.mapped("complete_name")
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'fba_fulfillment_order' "
        "AND column_name = ANY(%s)",
        [list(COLUMNS)],
    )
    assert not env.cr.fetchall(), "columns are left"
    for kind in ("form", "kanban"):
        arch = env["fba.account"].get_views([(False, kind)])["views"][kind]["arch"]
        assert "queue_problem" not in arch and "action_open_jobs" not in arch


PHASES = {"work": work, "updated": updated, "removed": removed, "alone": alone}

if __name__ == "__main__":
    *arguments, url, lwa_url = sys.argv[1:]
    SIMULATOR = SimpleNamespace(url=url, lwa_url=lwa_url)
    phases.main(*arguments, phases=PHASES)
