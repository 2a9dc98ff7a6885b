"""What is done and seen while notifications come and go; each phase in a process of its own."""

import json
import os
import sys
import uuid
from types import SimpleNamespace

import boto3

from . import phases

MODULE = "fba_connector_notifications"
AMAZON = "arn:aws:iam::437568002678:root"
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
PATIENCE = 50  # runs of the receiver


def company(env):
    """What tests make and ask; with the simulator that outlives all phases."""
    from odoo.addons.fba_connector.tests.common import SimulatorMixin

    class Company(SimulatorMixin):
        """Not a test."""

    Company.env, Company.simulator = env, SIMULATOR
    Company.account = env["fba.account"].search([("name", "=", "Test store")])
    return Company


def queue() -> str:
    """The address of a new queue that lets Amazon in."""
    sqs = boto3.client("sqs", region_name="us-east-1", endpoint_url=os.environ["FBA_SQS_URL"], **KEYS)
    url = sqs.create_queue(QueueName=f"life-{uuid.uuid4()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {"Effect": "Allow", "Principal": {"AWS": AMAZON}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url


def order(env, kind):
    return env["fba.fulfillment.order"].search([("sale_id.client_order_ref", "=", kind)])


def hear(env, key):
    """Until a message has named `key`."""
    from odoo.addons.fba_connector_notifications.models import fba_account_receive

    fba_account_receive.LISTEN_S = 1
    for _run in range(PATIENCE):
        env["fba.account"]._cron_receive_notifications()
        env.cr.commit()
        if env["fba.notice"].search([("key", "=", key)]):
            return
    raise AssertionError(f"nothing is heard of {key}")


def lists(Company):
    return len(Company.journal("listAllFulfillmentOrders"))


def work(env) -> None:
    """An order that is sent, and booked since a notification says so."""
    Company = company(env)
    Company.set_up_company()
    Company.reset_simulator()
    Company.control("POST", "settings", auto_ship=False)
    Company.control("PUT", "notifications", sqs_endpoint=os.environ["FBA_SQS_URL"])
    env["fba.account"].search([("id", "!=", Company.account.id)]).paused = True
    for kind in ("first", "second", "third", "fourth"):
        Company.sourced({Company.product_a: 1}, client_order_ref=kind).fba_fulfillment_order_ids.action_submit()
    env.cr.commit()
    Company.account.write({"sqs_queue_url": queue(), **KEYS})
    assert Company.account.action_set_up_notifications()["params"]["type"] == "success"
    env["fba.account"]._cron_push_fulfillment_orders()
    assert order(env, "fourth").state == "in_shipping", order(env, "fourth").error_message
    ship(env, Company, "first")
    assert set(Company.account.task_lock_ids.mapped("task")) >= {"receive", "pull"}


def ship(env, Company, kind):
    """What Amazon ships is booked at once, and no list is asked for."""
    fulfillment = order(env, kind)
    Company.account.pull_cursor = env.cr.now()
    Company.ship(fulfillment, ("1Z", {"A": 1}))
    env.cr.commit()
    hear(env, fulfillment.name)
    before = lists(Company)
    env["fba.account"]._cron_pull_fulfillment_orders()
    env.cr.commit()
    assert fulfillment.state == "shipped", (fulfillment.state, fulfillment.error_message)
    assert lists(Company) == before


def updated(env) -> None:
    """Amazon goes on notifying, and Odoo hears it."""
    Company = company(env)
    assert all(Company.account.subscription_ids.mapped("amazon_subscription_id"))
    assert Company.control("GET", "notifications")["subscriptions"] == 5
    ship(env, Company, "second")


def queued(env) -> None:
    """Where there is a job queue, what is received goes to jobs at once."""
    from . import queue_phases

    Company = company(env)
    Company.account.pull_cursor = env.cr.now()
    fulfillment, before = order(env, "third"), lists(Company)
    Company.ship(fulfillment, ("1Z", {"A": 1}))
    env.cr.commit()
    with queue_phases.runner(env):
        hear(env, fulfillment.name)
        for _job in range(PATIENCE):
            queue_phases.perform(env, queue_phases.jobs(env, *queue_phases.WAITING)[:1])
            if fulfillment.state == "shipped":
                break
    assert fulfillment.state == "shipped", (fulfillment.state, fulfillment.error_message)
    assert lists(Company) == before


def removed(env) -> None:
    """Amazon notifies no more, nothing of the module is left, and polling finds what there is."""
    Company = company(env)
    assert Company.control("GET", "notifications")["subscriptions"] == 0
    assert "receive" not in Company.account.task_lock_ids.mapped("task")
    left = env["ir.model.data"].search([("module", "=", MODULE)])
    assert not left, left.mapped("complete_name")
    columns = "SELECT column_name FROM information_schema.columns WHERE column_name LIKE ANY(%s)"
    env.cr.execute(columns, [["sqs_%", "aws_%"]])
    assert not env.cr.fetchall(), "columns are left"
    Company.ship(order(env, "fourth"), ("1Z", {"A": 1}))
    env["fba.account"]._cron_pull_fulfillment_orders()
    assert order(env, "fourth").state == "shipped", order(env, "fourth").error_message


PHASES = {"work": work, "updated": updated, "queued": queued, "removed": removed}

if __name__ == "__main__":
    *arguments, url, lwa_url = sys.argv[1:]
    SIMULATOR = SimpleNamespace(url=url, lwa_url=lwa_url)
    phases.main(*arguments, phases=PHASES)
