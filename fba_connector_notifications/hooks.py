"""What is to be done once when the module comes and goes."""


def add_task_locks(env):
    """Accounts that are there already receive, too."""
    env["fba.account"].with_context(active_test=False).search([])._add_task_locks()


def unsubscribe(env):
    """Amazon would go on filling the queue."""
    for account in env["fba.subscription"].search([("amazon_subscription_id", "!=", False)]).account_id:
        account._end_subscriptions()
    env["fba.task.lock"].search([("task", "=", "receive")]).unlink()
