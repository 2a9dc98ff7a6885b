"""What is to be done once when the module comes and goes."""

from .models.fba_account import JOBS


def make_channels(env):
    """Each account that is there already gets its channel."""
    env["fba.account"].with_context(active_test=False).search([("name", "!=", False)])._make_channels()


def cancel_jobs(env):
    """Nobody could run the jobs that are left: the scheduled actions do their work from now on.

    Where the connector goes, too, nobody could even read them: their records are of a model that is gone.
    """
    jobs = env["queue.job"].search([("model_name", "=", "fba.account"), ("method_name", "in", JOBS)])
    if env["ir.module.module"]._get("fba_connector").state == "to remove":
        jobs.unlink()
    else:
        jobs.filtered(lambda job: job.state not in ("done", "cancelled", "started")).button_cancelled()
    env["queue.job.channel"].search([("complete_name", "=like", "root.fba.%")]).unlink()
