"""Sentences that imports of earlier orders store: {code: function(env, **values) -> text}. See shared/sentence.py."""


def _part_failed(env, step, reason):
    steps = dict(env["fba.backfill"]._fields["state"]._description_selection(env))
    return env._(
        "%(step)s failed: %(reason)s Fix what it names, then press Try Again: it goes on where it stopped.",
        step=steps.get(step, step),
        reason=reason,
    )


def _report_failed(env):
    return env._("Amazon could not make the report of shipped items.")


def _is_paused(env, account):
    return env._('Account "%s" is paused.', account)


def _error_of(env, reason):
    return env._("Amazon answered with an error (%s).", reason)


def _in_odoo(env, reason):
    return env._("An error in Odoo (%s). The server's log has the details.", reason)


SENTENCES = {
    "failed": _part_failed,
    "report_failed": _report_failed,
    "paused": _is_paused,
    "amazon": _error_of,
    "internal": _in_odoo,
}
