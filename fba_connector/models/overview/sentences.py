"""Sentences that the guide stores: {code: function(env, **values) -> text}. See shared/sentence.py."""


def _test_order_refused(env, order, reason):
    return env._(
        "Amazon did not hold and cancel the test order %(order)s (%(reason)s). Fix the problem above and place "
        "another test order, or skip this step.",
        order=order,
        reason=reason,
    )


SENTENCES = {"test_order_refused": _test_order_refused}
