"""Jobs as queue_job keeps them, and a runner that is there but starts none: the tests do."""

from odoo import fields
from odoo.addons.fba_connector.tests.common import FbaCase
from odoo.addons.queue_job.job import Job

from . import runner


class QueueCase(FbaCase):
    def setUp(self):
        super().setUp()
        self.env["queue.job"].search([]).unlink()  # those of the demo's accounts
        self.runner = self.start_runner(self.env.cr.dbname)

    def start_runner(self, database):
        connection = runner.start_runner(database)
        self.addCleanup(connection.close)
        return connection

    def stop_runner(self):
        runner.stop_runner(self.runner)

    def jobs(self, *states):
        """Jobs in these states (default: those that wait), the oldest first."""
        with self.enter_registry_test_mode():
            self.env.cr.flush()
        wanted = states or ("pending", "enqueued")
        return self.env["queue.job"].search([("state", "in", wanted)], order="id")

    def grow_old(self, job, age):
        """As if it had been created so long ago."""
        self.env.flush_all()
        created = fields.Datetime.now() - age
        self.env.cr.execute("UPDATE queue_job SET date_created = %s WHERE id = %s", [created, job.id])
        self.env.invalidate_all()

    def perform(self, jobs):
        """As queue_job runs them; what a job returns."""
        results = []
        for record in jobs:
            with self.enter_registry_test_mode():
                job = Job.load(self.env(user=record.user_id, su=False), record.uuid)
                job.set_started()
                job.store()
                self.env.flush_all()
                job.perform()
                job.set_done()
                job.store()
                self.env.cr.flush()
            self.env.invalidate_all()
            results.append(job.result)
        return results

    def fail(self, jobs):
        """As queue_job notes jobs that raised."""
        for record in jobs:
            with self.enter_registry_test_mode():
                job = Job.load(self.env(user=record.user_id, su=False), record.uuid)
                job.set_started()
                job.store()
                job.set_failed(exc_name="ValueError", exc_message="what nobody foresaw", exc_info="Traceback")
                job.store()
                self.env.flush_all()
                self.env.cr.flush()
            self.env.invalidate_all()

    def mailed_failures(self):
        """The messages that queue_job mails to the followers of its jobs."""
        subtype = self.env.ref("queue_job.mt_job_failed")
        return self.env["mail.message"].search_count([("subtype_id", "=", subtype.id)])

    def perform_all(self):
        """Until none waits."""
        while jobs := self.jobs():
            self.perform(jobs[0])
