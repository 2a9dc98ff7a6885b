"""Sentences that first synchronizations store: {code: function(env, **values) -> text}. See shared/sentence.py."""


def _step_failed(env, step, reason):
    steps = dict(env["fba.first.sync"]._fields["state"]._description_selection(env))
    return env._("%(step)s failed: %(reason)s", step=steps.get(step, step), reason=reason)


def _access_refused(env, account, reason):
    return env._(
        'Amazon refused account "%(account)s" (%(reason)s). Authorize again, enter the new keys on the account, and '
        "try again.",
        account=account,
        reason=reason,
    )


def _paused(env, account):
    return env._('Account "%s" is paused.', account)


def _amazon(env, reason):
    return env._("Amazon answered with an error (%s). Wait a few minutes, then try again.", reason)


def _error_in_odoo(env, reason):
    return env._("An error in Odoo (%s). The server's log has the details; contact your administrator.", reason)


def _of_warehouse(env, warehouse, reason):
    return env._("Warehouse %(warehouse)s: %(reason)s", warehouse=warehouse, reason=reason)


def _both(_env, first, second):
    return f"{first} {second}"


def _stock_changed(env):
    return env._("Stock has changed since it was counted: the next synchronization compares it again.")


def _behind(env):
    return env._(
        "Odoo could not read an order of this product from Amazon: the next synchronization compares it after that."
    )


def _not_listed(env):
    return env._(
        "Amazon no longer names a seller SKU of this product, not even when asked: the synchronization books the loss "
        "after a day."
    )


def _request_refused(env, reason):
    return env._("Amazon refused the request (%s). Check the marketplaces of the account, then try again.", reason)


SENTENCES = {
    "missing": _not_listed,
    "rejected": _request_refused,
    "failed": _step_failed,
    "refused": _access_refused,
    "paused": _paused,
    "amazon": _amazon,
    "internal": _error_in_odoo,
    "warehouse": _of_warehouse,
    "both": _both,
    "changed": _stock_changed,
    "behind": _behind,
}
