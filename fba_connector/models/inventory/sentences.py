"""Sentences that AFN warehouses store: {code: function(env, **values) -> text}. See shared/sentence.py."""


def _short_list(env, listed, before):
    return env._(
        "Amazon's list names %(listed)s seller SKUs, and named %(before)s the time before. Odoo asked for the others "
        "by name.",
        listed=listed,
        before=before,
    )


def _not_synchronized(env, warehouse, reason):
    return env._(
        "The stock of %(warehouse)s could not be synchronized: %(reason)s Odoo will try again.",
        warehouse=warehouse,
        reason=f"{reason.rstrip('.')}.",
    )


def _no_time(env, count, account):
    return env._(
        "Amazon returns a hundred SKUs a second, and there was time for %(count)s of account %(account)s. "
        "For more, raise limit_time_real and limit_time_real_cron in Odoo's configuration.",
        count=count,
        account=account,
    )


SENTENCES = {"short_list": _short_list, "failed": _not_synchronized, "no_time": _no_time}
