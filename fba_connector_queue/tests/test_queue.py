"""Scheduled work as jobs."""

from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from odoo import SUPERUSER_ID, fields
from odoo.addons.fba_connector.models.account.fba_account_requests import REQUEST_ACTIVITY
from odoo.addons.fba_connector.models.account.fba_account_runs import WORK_OF
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..hooks import cancel_jobs
from ..models import fba_account
from ..models.fba_account_runner import PATIENCE
from .common import QueueCase

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"


@tagged("post_install", "-at_install")
class TestQueue(QueueCase):
    def channel(self):
        return f"root.fba.{self.account.id}"

    def test_scheduled_action_only_enqueues_and_the_job_does_the_work(self):
        order = self.queued()
        [job] = self.jobs()
        self.assertEqual((job.channel, job.method_name, job.args), (self.channel(), "_work_in_queue", ["push"]))
        self.push()
        self.assertEqual((order.state, self.jobs()), ("queued", job), "it waits already")
        self.assertEqual(self.perform(job), [None])
        self.assertEqual(order.state, "in_shipping")
        self.ship(order, ("1Z1", {"A": 2}))
        self.pull()
        self.assertEqual(order.state, "in_shipping")
        self.perform_all()
        self.assertEqual(order.state, "shipped")

    def test_each_scheduled_action_enqueues_what_it_would_do(self):
        self.jobs().unlink()
        for name, task in (
            ("push_fulfillment_orders", "push"),
            ("pull_fulfillment_orders", "pull"),
            ("import_amazon_orders", "import"),
            ("sync_inventory", "inventory"),
        ):
            self.run_job(name)
            self.assertEqual(self.jobs()[-1:].args, [task])
            self.assertTrue(hasattr(self.account, WORK_OF[task]))
        self.assertEqual(self.jobs().mapped("channel"), [self.channel()] * 4)

    def test_job_has_nothing_of_who_asked_for_the_work(self):
        clerk = new_test_user(self.env, "queue_clerk", groups="fba_connector.group_fba_user")
        self.jobs().unlink()
        self.account.with_user(clerk).with_context(lang="de_DE", tz="Asia/Tokyo")._trigger_again("pull", timedelta())
        [job] = self.jobs()
        self.assertEqual((job.user_id.id, job.records.env.user.id), (SUPERUSER_ID, SUPERUSER_ID))
        self.assertEqual((job.records.env.context.get("lang"), job.records.env.context.get("tz")), (None, None))

    def test_work_that_is_to_go_on_later_waits_and_comes_forward(self):
        self.jobs().unlink()
        self.account._trigger_again("pull", timedelta(hours=1))
        [job] = self.jobs()
        self.assertGreater(job.eta, fields.Datetime.now() + timedelta(minutes=59))
        self.account._trigger_again("pull", timedelta(hours=2))
        self.account._trigger_again("pull", timedelta())
        self.assertEqual(self.jobs(), job)
        self.assertLessEqual(job.eta, fields.Datetime.now())

    def test_refused_for_the_pace_the_next_job_waits_as_long(self):
        order = self.queued()
        self.fault("createFulfillmentOrder", "status", status=429, count=99)
        self.perform(self.jobs())
        self.assertEqual(order.state, "queued")
        [job] = self.jobs()
        self.assertTrue(job.eta)

    def test_account_that_another_process_has_is_tried_again(self):
        self.queued()
        jobs = self.jobs()
        with patch.object(type(self.account.task_lock_ids), "_hold", autospec=True) as hold:
            hold.return_value.__enter__.return_value = self.env["fba.task.lock"]
            with self.assertRaises(RetryableJobError) as caught, mute_logger(RUNS):
                self.perform(jobs)
        self.assertTrue(caught.exception.ignore_retry)

    @mute_logger(RUNS)
    def test_refused_keys_are_told_where_they_always_are(self):
        self.queued()
        self.account.lwa_client_secret = "wrong"
        [result] = self.perform(self.jobs())
        self.assertIn("invalid_client", result)
        self.assertEqual(self.account.connection_state, "refused")

    def test_paused_meanwhile_it_does_nothing(self):
        order = self.queued()
        self.account.paused = True
        self.assertEqual(self.perform(self.jobs()), [None])
        self.assertEqual(order.state, "queued")

    def test_job_ends_in_time_and_another_goes_on(self):
        orders = self.queued() | self.queued()
        with patch.object(fba_account, "longest_s", return_value=0):
            self.perform(self.jobs())
        self.assertEqual(set(orders.mapped("state")), {"queued"})
        self.assertEqual(self.jobs().mapped("args"), [["push"]])
        self.perform_all()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})

    def test_all_jobs_may_commit(self):
        Function = self.env["queue.job.function"]
        for method in fba_account.JOBS:
            self.assertTrue(Function.job_config(f"<fba.account>.{method}").allow_commit, method)

    def test_jobs_are_named_by_the_screens_words_for_their_task(self):
        self.jobs().unlink()
        self.account.name = "US store"
        for task in ("push", "first_sync"):
            self.account._trigger_again(task, timedelta())
        names = ["Send fulfillment orders: US store", "First synchronization: US store"]
        self.assertEqual(self.jobs().mapped("name"), names)

    # === FAILURES === #

    def test_failed_job_goes_again_and_no_other_is_added(self):
        order = self.queued()
        [job] = self.jobs()
        for _run in range(3):
            self.fail(job)
            self.push()
            self.assertEqual((self.jobs(), self.jobs("failed")), (job, job.browse()))
        self.assertFalse(job.eta)
        self.perform(job)
        self.assertEqual((order.state, job.state), ("in_shipping", "done"))

    def test_failed_job_that_is_to_go_later_waits(self):
        self.queued()
        [job] = self.jobs()
        self.fail(job)
        self.account._trigger_again("push", timedelta(hours=1))
        self.assertEqual(self.jobs(), job)
        self.assertGreater(job.eta, fields.Datetime.now() + timedelta(minutes=59))

    def test_failure_that_lasts_is_mailed_once_and_again_after_a_success(self):
        self.queued()
        [job] = self.jobs()
        self.fail(job)
        self.assertEqual(self.mailed_failures(), 1)
        thread = job.message_ids
        for _run in range(3):
            self.push()
            self.fail(job)
        self.assertEqual((self.mailed_failures(), job.message_ids), (1, thread))
        self.push()
        self.perform(job)
        self.push()
        self.fail(self.jobs())
        self.assertEqual(self.mailed_failures(), 2)

    def test_failures_of_other_jobs_are_mailed_as_ever(self):
        self.env["res.partner"].with_delay()._compute_display_name()
        job = self.jobs()[-1]
        for count in (1, 2):
            self.fail(job)
            self.assertEqual(self.mailed_failures(), count)

    # === THE RUNNER === #

    def test_without_a_runner_the_scheduled_actions_do_the_work(self):
        self.assertFalse(self.account.queue_problem)
        self.stop_runner()
        self.account.invalidate_recordset()
        self.assertIn("restarts Odoo", self.account.queue_problem)
        order = self.queued()
        self.assertFalse(self.jobs())
        self.push()
        self.assertEqual(order.state, "in_shipping")
        health = {it["id"]: it["problems"] for it in self.account._health()["accounts"]}
        self.assertIn("job runner", " ".join(health[self.account.id]))

    def test_runner_that_starts_nothing_is_told_and_the_scheduled_actions_take_over(self):
        order = self.queued()
        [job] = self.jobs()
        self.grow_old(job, PATIENCE + timedelta(minutes=1))
        self.assertIn("none has started", self.account.queue_problem)
        self.push()
        self.assertEqual(order.state, "in_shipping")
        self.assertEqual(self.perform(job), [None], "late, it finds nothing to do")
        self.assertEqual(self.create_count(), 1)

    def test_a_long_queue_is_no_problem_while_jobs_start(self):
        self.queued()
        [job] = self.jobs()
        self.account._trigger_again("pull", timedelta())
        other = self.jobs() - job
        self.grow_old(job, PATIENCE + timedelta(minutes=1))
        self.perform(other)
        self.assertFalse(self.account.queue_problem)

    def test_jobs_of_others_say_nothing_of_ours(self):
        self.queued()
        [job] = self.jobs()
        self.env["res.partner"].with_delay()._compute_display_name()
        other = self.jobs() - job
        self.grow_old(job, PATIENCE + timedelta(minutes=1))
        self.perform(other)
        self.assertIn("none has started", self.account.queue_problem)

    def test_another_database_has_a_runner_of_its_own(self):
        self.stop_runner()
        self.start_runner("postgres")
        self.assertIn("restarts Odoo", self.account.queue_problem)

    # === SCREENS, COMING AND GOING === #

    def test_clerk_asks_the_administrators_about_the_runner(self):
        self.stop_runner()
        manager, clerk = (
            new_test_user(self.env, f"queue_{name}", groups=f"fba_connector.group_fba_{name}")
            for name in ("manager", "user")
        )
        self.account.with_user(clerk).action_ask_about_account()
        request = self.account.activity_search([REQUEST_ACTIVITY]).filtered(lambda it: it.user_id == manager)
        self.assertEqual(request.summary, "Check the account")
        self.assertIn("No job runner works on this database", request.note)
        views = (
            self.env.ref("fba_connector_queue.fba_account_view_dashboard").inherit_id,
            self.env.ref("fba_connector.fba_account_view_form"),
        )
        for view in views:
            message = "//*[field[@name='queue_problem']]"
            for user, button in ((clerk, "action_ask_about_account"), (manager, "action_open_settings")):
                arch = etree.fromstring(self.env["fba.account"].with_user(user).get_view(view.id)["arch"])
                [shown] = arch.xpath(message)
                if view.type == "kanban" or user == clerk:
                    self.assertTrue(shown.xpath(f".//button[@name='{button}']"), (view.name, user.login))

    def test_late_work_leads_to_the_jobs(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.account.task_lock_ids.good_at = self.account.works_since = yesterday
        self.env.invalidate_all()
        self.assertIn("under Jobs", self.account.late_work_text)

    def test_account_leads_to_its_jobs(self):
        self.queued()
        jobs, action = self.jobs(), self.account.action_open_jobs()
        self.assertEqual(self.env["queue.job"].search(action["domain"]), jobs)

    def test_each_account_has_a_channel_whose_jobs_are_soon_forgotten(self):
        other = self.env["fba.account"].create(self.account_values("Another"))
        for account in self.account | other:
            channel = self.env["queue.job.channel"].search([("complete_name", "=", f"root.fba.{account.id}")])
            self.assertEqual(channel.removal_interval, 1)

    def test_jobs_that_nobody_could_run_any_more_are_cancelled(self):
        self.queued()
        self.assertTrue(self.jobs())
        cancel_jobs(self.env)
        self.assertFalse(self.jobs())
        self.assertTrue(self.jobs("cancelled"))
        self.assertFalse(self.env["queue.job.channel"].search([("complete_name", "=like", "root.fba.%")]))

    def test_jobs_of_a_model_that_goes_are_deleted(self):
        self.queued()
        self.env["ir.module.module"]._get("fba_connector").state = "to remove"
        cancel_jobs(self.env)
        self.assertFalse(self.env["queue.job"].search([]), "the form of each would fail")
