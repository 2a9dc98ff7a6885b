"""Sentences that accounts store: {code: function(env, **values) -> text}. See shared/sentence.py."""

from . import amazon_sentences


def _wrong_keys(env, account, reason):
    return env._(
        'Login with Amazon refused the keys of account "%(account)s" (%(reason)s). Orders stay queued. Authorize '
        "again and enter the new keys here.",
        account=account,
        reason=reason,
    )


def _refused(env, account, reason):
    return env._(
        'Amazon refused the keys of account "%(account)s" (%(reason)s). Orders stay queued. Authorize again and '
        "enter the new keys here.",
        account=account,
        reason=reason,
    )


def _not_reached(env, account, reason, again):
    if again:
        return env._(
            'Amazon could not be reached for account "%(account)s" (%(reason)s). Odoo will try again. If this '
            "continues, check the network and the endpoints.",
            account=account,
            reason=reason,
        )
    return env._(
        'Amazon could not be reached for account "%(account)s" (%(reason)s). Check the network and the endpoints, then '
        "test again.",
        account=account,
        reason=reason,
    )


def _next(env, again):
    return env._("Odoo will try again.") if again else env._("Wait a few minutes, then test again.")


def _at_fault(env, account, reason, again):
    return env._(
        'Amazon answered account "%(account)s" with an error (%(reason)s). The keys are not the cause. %(next)s',
        next=_next(env, again),
        account=account,
        reason=reason,
    )


def _unusable(env, account, reason, again):
    return env._(
        'Amazon answered account "%(account)s" in a form that Odoo cannot use (%(reason)s). Nothing was changed. '
        "%(next)s If this continues, report it to the developers of the connector.",
        next=_next(env, again),
        account=account,
        reason=reason,
    )


def _request_rejected(env, account, reason, again):
    return env._(
        'Amazon rejected a request of account "%(account)s" (%(reason)s). The keys are valid. Check the marketplaces '
        "and the settings of the account.",
        account=account,
        reason=reason,
    )


def _internal(env, task, reason):
    return env._(
        "An error in Odoo, not at Amazon: %(task)s failed (%(reason)s). The server's log has the details; contact your "
        "administrator.",
        task=dict(env["fba.task.lock"]._fields["task"]._description_selection(env)).get(task, task),
        reason=reason,
    )


def _keys_missing(env, names):
    """`names`: fields of the account, or variables of the server's environment."""
    keys = env["fba.account"]._fields
    labels = [keys[name]._description_string(env) if name in keys else name for name in names]
    return env._("Not filled in: %s.", ", ".join(labels))


def _no_access(env, account, region, reason):
    return env._(
        'The keys of account "%(account)s" are valid, but give no access in %(region)s (%(reason)s): they '
        "belong to another region, or the application has no role or is no longer authorized. Choose the "
        "application's region.",
        account=account,
        region=dict(env["fba.account"]._fields["region"]._description_selection(env)).get(region, region),
        reason=reason,
    )


def _role_missing(env, account, operations):
    """`operations` that Amazon refused: each needs a role of the application, by Amazon's name."""
    roles = {
        "getMarketplaceParticipations": env._("Selling Partner Insights (marketplaces)"),
        "listAllFulfillmentOrders": env._("Amazon Fulfillment (orders of other channels)"),
        "getInventorySummaries": env._("Amazon Fulfillment (stock)"),
        "searchOrders": env._("Inventory and Order Tracking (orders sold on Amazon)"),
    }
    return env._(
        'The application of account "%(account)s" lacks a role: %(roles)s. Add it to the application at '
        "Amazon, authorize again, and enter the new refresh token.",
        account=account,
        roles=", ".join(roles.get(operation, operation) for operation in operations),
    )


def _record_refused(env, reason):
    """Stored by older versions."""
    return amazon_sentences.SENTENCES["amazon_record_refused"](env, code=reason)


SENTENCES = {
    **amazon_sentences.SENTENCES,
    "keys_missing": _keys_missing,
    "no_access": _no_access,
    "role_missing": _role_missing,
    "record_refused": _record_refused,
    "wrong_keys": _wrong_keys,
    "refused": _refused,
    "not_reached": _not_reached,
    "at_fault": _at_fault,
    "unusable": _unusable,
    "rejected": _request_rejected,
    "internal": _internal,
}
