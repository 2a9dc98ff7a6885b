"""Sentences that fulfillment orders store: {code: function(env, **values) -> text}. See shared/sentence.py."""

from odoo import fields
from odoo.tools import format_datetime

from ...amazon import consistency
from . import remedies


def _at(env, moment):
    return format_datetime(env, fields.Datetime.to_datetime(moment), dt_format="short")


def _sources(env, sources):
    """How Amazon showed an order, such as: in the order list (11/29/26, 10:00 AM)."""
    words = {
        "created": env._("accepted by Amazon (%s)"),
        "exists": env._("reported as existing (%s)"),
        "listed": env._("in the order list (%s)"),
        "read": env._("read (%s)"),
        "echoed": env._("among the orders of all channels (%s)"),
        "reported": env._("in the shipments report (%s)"),
    }
    return ", ".join(words[source] % _at(env, moment) for source, moment in sources)


def _differences(env, differences):
    """Facts of an order that differ: [(fact, in Odoo, at Amazon)]."""
    labels = {
        "displayable_order_id": env._("order number"),
        "displayable_at": env._("order date"),
        "postal_code": env._("postal code"),
        "country_code": env._("country"),
        "lines": env._("lines"),
    }
    return "; ".join(
        env._("%(fact)s: %(odoo)s in Odoo, %(amazon)s at Amazon", fact=labels[fact], odoo=ours, amazon=theirs)
        for fact, ours, theirs in differences
    )


def _mismatch(env, order, name, differences):
    return env._(
        "Amazon has an order with the ID %(id)s that differs from %(order)s (%(differences)s). Compare both orders "
        "in Seller Central. If it is the same order, an FBA Administrator can press Adopt; if not, press Not at "
        "Amazon and release the order: it then gets another ID.",
        id=name,
        order=order,
        differences=_differences(env, differences),
    )


def _twin(env, order, names):
    return env._(
        "Amazon probably has %(order)s already: %(ids)s. It may have been sent before a backup was restored, or "
        "released in Odoo after it was sent. %(order)s was not sent again. Check Seller Central; if it is another "
        "order, an FBA Administrator can press Retry.",
        order=order,
        ids=", ".join(names),
    )


def _unclear(env, order, name, count, sources=()):
    if sources:
        return env._(
            "Amazon has %(id)s: %(sources)s. Odoo could not read it, and does not send %(order)s again. Check Seller "
            "Central; Odoo adopts the order as soon as it can be read.",
            id=name,
            order=order,
            sources=_sources(env, sources),
        )
    return env._(
        "Sent %(count)s times, but Amazon never confirmed whether %(order)s arrived. Check Seller Central for "
        "%(id)s, then press Retry if it is not there.",
        count=count,
        order=order,
        id=name,
    )


def _contradiction(env, order, code, detail, status):
    problem = {
        consistency.UNKNOWN_WORD: env._("the status %s is unknown", detail),
        consistency.OTHER_LINES: env._("item %s differs from the order that Odoo sent", detail),
        consistency.NO_ITEMS: env._("shipment %s has left without items", detail),
        consistency.TOO_MANY: env._("more units of item %s were shipped or lost than ordered", detail),
        consistency.OUTDATED: env._("it shows an earlier state than before"),
        consistency.REOPENED: env._("Amazon had ended the order before"),
        consistency.TOO_FEW: env._("not all units of item %s are shipped, unfillable or cancelled", detail),
    }.get(code, code)
    return env._(
        "Amazon's answer for %(order)s (%(status)s) contradicts itself: %(problem)s. Odoo released only what Amazon "
        "calls lost, and reads the order again.",
        order=order,
        status=status,
        problem=problem,
    )


def _sighted(env, name, sources):
    return env._(
        "Amazon has %(id)s: %(sources)s. Not at Amazon is therefore not possible. Odoo adopts the order as soon as "
        "it can be read.",
        id=name,
        sources=_sources(env, sources),
    )


def _differs(env, shipment, order, status, difference):
    return env._(
        "Amazon's shipment %(shipment)s of %(order)s differs from the booked delivery (%(status)s; %(difference)s). "
        "Odoo changed nothing: compare with Seller Central, then correct the delivery and the order. The "
        "synchronization updates the stock.",
        shipment=shipment,
        order=order,
        status=status,
        difference=difference,
    )


def _unfillable(env, lost, order, status):
    return env._(
        "Amazon cannot fulfill %(lost)s for %(order)s (%(status)s). The stock has been released. Press Resolve to "
        "decide what happens next.",
        lost=", ".join(
            env._("%(lost)s of %(quantity)s × %(sku)s", lost=units, quantity=quantity, sku=sku)
            for units, quantity, sku in lost
        ),
        order=order,
        status=status,
    )


def _cancelled(env, order):
    return env._(
        "%s was cancelled at Amazon. The unshipped stock has been released: source it again on the Sourcing tab, or "
        "reduce the quantity of the order line.",
        order,
    )


def _shipped_anyway(env, order, delivery):
    return env._(
        "Amazon shipped %(order)s anyway, after %(delivery)s was taken out of its hands. Odoo did not book the "
        "shipment a second time: compare both, then cancel or correct the delivery.",
        order=order,
        delivery=delivery,
    )


def _adopted_late(env, order, name, units):
    return env._(
        "Amazon accepted %(id)s of %(order)s, but Odoo had released its units: %(units)s. Amazon will ship them. "
        "Request cancellation, or cancel the replacement; a replacement that was not sent yet is held.",
        id=name,
        order=order,
        units=units,
    )


def _late_shipment(env, order, units):
    return env._(
        "Amazon shipped %(units)s of %(order)s after all, and Odoo booked the shipment. If the goods were already "
        "replaced, cancel the replacement, or ask the customer to return the surplus.",
        units=units,
        order=order,
    )


def _waits(env, wait, order, since, tried="", status="", can_end=False):
    moment = _at(env, since)
    what = {
        "queued": env._("%(order)s has been queued since %(since)s and has not been sent.", order=order, since=moment),
        "in_shipping": env._(
            "%(order)s has not changed at Amazon since %(since)s (%(status)s).",
            order=order,
            since=moment,
            status=status,
        ),
        "cancellation": env._(
            "The cancellation of %(order)s was requested on %(since)s, and Amazon has neither agreed nor refused.",
            order=order,
            since=moment,
        ),
        "contradiction": env._(
            "Amazon's answers for %(order)s have contradicted each other since %(since)s.", order=order, since=moment
        ),
        "reading": env._(
            "Odoo has been unable to read %(order)s at Amazon since %(since)s.", order=order, since=moment
        ),
    }[wait]
    if wait == "queued":
        advice = env._("Check the connection of the account, and whether the account is paused.")
    else:
        advice = env._("Check the order in Seller Central. Odoo tries again less and less often, for 30 days at most.")
    if can_end:
        advice += " " + env._(
            "If Amazon ships nothing more, an FBA Administrator can press Nothing More Ships on the fulfillment order."
        )
    return " ".join(filter(None, (what, tried, advice)))


def _not_sent(env, order, reason, remedy):
    return env._(
        "Order %(order)s was not sent: %(reason)s. %(remedy)s",
        order=order,
        reason=reason,
        remedy=remedies.remedy(env, remedy, order),
    )


def _rejected(env, order, reason, remedy):
    return env._(
        "Amazon rejected order %(order)s: %(reason)s. %(remedy)s",
        order=order,
        reason=reason,
        remedy=remedies.remedy(env, remedy, order),
    )


def _maybe_sent(env, first):
    return env._("%s An earlier attempt may have reached Amazon: check Seller Central.", first)


def _not_yet(env, reason):
    return env._("Not sent yet: %s. Odoo will try again.", reason)


def _unanswered(env, order):
    return env._(
        "No answer from Amazon for %s. The order may have arrived; Odoo checks before sending it again.", order
    )


def _failed(env, reason):
    return env._("Could not be processed: %s. Odoo will try again.", reason)


def _not_cancelled(env, reason):
    return env._("The cancellation could not be requested: %s. Odoo will try again.", reason)


SENTENCES = {
    "differs": _differs,
    "unfillable": _unfillable,
    "cancelled": _cancelled,
    "shipped_anyway": _shipped_anyway,
    "adopted_late": _adopted_late,
    "not_sent": _not_sent,
    "rejected": _rejected,
    "maybe_sent": _maybe_sent,
    "not_yet": _not_yet,
    "unanswered": _unanswered,
    "failed": _failed,
    "not_cancelled": _not_cancelled,
    "mismatch": _mismatch,
    "twin": _twin,
    "unclear": _unclear,
    "sighted": _sighted,
    "contradiction": _contradiction,
    "late_shipment": _late_shipment,
    "waits": _waits,
}
