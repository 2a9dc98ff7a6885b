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


SENTENCES = {"short_list": _short_list, "failed": _not_synchronized}
