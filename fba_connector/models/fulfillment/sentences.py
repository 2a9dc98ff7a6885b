"""Sentences of fulfillment orders and shipments: {code: function(env, **values) -> text}. See shared/sentence.py."""

from ...amazon import consistency
from ..shared.sentence import moment, way_on
from . import remedies


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
    return ", ".join(words[source] % moment(env, at) for source, at in sources)


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


def _unclear(env, order, name, count, sources=(), is_cancelled=False):
    if sources:
        return env._(
            "Amazon has %(id)s: %(sources)s. Odoo could not read it, and does not send %(order)s again. Check Seller "
            "Central; Odoo adopts the order as soon as it can be read.",
            id=name,
            order=order,
            sources=_sources(env, sources),
        )
    if is_cancelled:  # never sent again, however often somebody tries
        return env._(
            "Sent %(count)s times, but Amazon never confirmed whether %(order)s arrived, and its cancellation is "
            "requested. Check Seller Central for %(id)s; if it is not there, an FBA Administrator can press Not at "
            "Amazon.",
            count=count,
            order=order,
            id=name,
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


def _foreign_item(env, name, item):
    return env._("Amazon's order %(id)s has an item %(item)s that Odoo did not send.", id=name, item=item)


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
    reason = env._(
        "Amazon cannot fulfill %(lost)s for %(order)s (%(status)s). The stock has been released.",
        lost=", ".join(
            env._("%(lost)s of %(quantity)s × %(sku)s", lost=units, quantity=quantity, sku=sku)
            for units, quantity, sku in lost
        ),
        order=order,
        status=status,
    )
    return way_on(env, reason, env._("Press Resolve to decide what happens next."))


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
    since = moment(env, since)
    what = {
        "queued": env._("%(order)s has been queued since %(since)s and has not been sent.", order=order, since=since),
        "in_shipping": env._(
            "%(order)s has not changed at Amazon since %(since)s (%(status)s).",
            order=order,
            since=since,
            status=status,
        ),
        "cancellation": env._(
            "The cancellation of %(order)s was requested on %(since)s, and Amazon has neither agreed nor refused.",
            order=order,
            since=since,
        ),
        "contradiction": env._(
            "Amazon's answers for %(order)s have contradicted each other since %(since)s.", order=order, since=since
        ),
        "reading": env._("Odoo has been unable to read %(order)s at Amazon since %(since)s.", order=order, since=since),
    }[wait]
    if wait == "queued":
        advice = env._(
            "Check the connection of the account, and whether it is paused: an FBA Administrator can resume it."
        )
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


def _account_paused(env, account):
    return env._('Account "%s" is paused: an FBA Administrator can resume it.', account)


def _paused_or_archived(env, account):
    return env._('Account "%s" is paused or archived: an FBA Administrator can resume it.', account)


def _not_served(env, warehouse, country, order):
    """`country`: its code."""
    countries = env["res.country"]
    return env._(
        "%(warehouse)s does not deliver to %(country)s. Release %(order)s on its Sourcing tab. If Amazon does deliver "
        "there, an FBA Administrator can add the country under Channel Managers > Configuration > Marketplaces.",
        warehouse=warehouse,
        country=countries.search([("code", "=", country)], limit=1).name or country,
        order=order,
    )


def _no_such_option(env, market, option, order):
    return env._(
        "%(market)s does not support this option: %(option)s. Clear it on %(order)s.",
        market=market,
        option=env["fba.fulfillment.order"]._fields[option]._description_string(env),
        order=order,
    )


def _too_large(env, order, lines, units):
    return env._(
        "%(order)s has more than %(lines)s lines or %(units)s units; Amazon accepts no larger order.",
        order=order,
        lines=lines,
        units=units,
    )


def _address_parts(env):
    return {
        "name": env._("name"),
        "street": env._("street"),
        "city": env._("city"),
        "postal_code": env._("postal code"),
        "phone": env._("phone number"),
        "country": env._("country"),
    }


def _address_incomplete(env, order, parts):
    labels = _address_parts(env)
    return env._(
        "The delivery address of %(order)s lacks: %(parts)s. Complete the contact, then try again.",
        order=order,
        parts=", ".join(labels[part] for part in parts),
    )


def _address_too_long(env, order, parts):
    """`parts`: [[part, most characters]]."""
    labels = _address_parts(env)
    return env._(
        "The delivery address of %(order)s is too long for Amazon: %(parts)s. Shorten the address, then try again.",
        order=order,
        parts=", ".join(
            env._("%(part)s (at most %(most)s characters)", part=labels[part], most=most) for part, most in parts
        ),
    )


def _unopened(env, sku, goods):
    return env._(
        "%(sku)s holds %(goods)s, and Amazon ships it unopened. Order a multiple, or release the rest.",
        sku=sku,
        goods=goods,
    )


def _beyond_ordered(env, product, order):
    return env._(
        "Deliveries of %(product)s exceed what %(order)s has ordered. Release what is too much on the Sourcing tab, "
        "or send the order yourself.",
        product=product,
        order=order,
    )


def _no_preview(env, order, reason):
    return env._("Amazon returned no preview for %(order)s: %(why)s", order=order, why=reason)


def _fee_unknown(env, order):
    return env._("Amazon's fee for %s is not known, but the account has a fee limit.", order)


def _fee_without_rate(env, order, currency):
    return env._(
        "Amazon's fee for %(order)s cannot be compared with the account's fee limit: Odoo has no exchange rate of "
        "%(currency)s. Ask an accountant or an administrator to enter one under Invoicing > Configuration > "
        "Currencies.",
        order=order,
        currency=currency,
    )


def _fee_too_high(env, fee, limit, percent):
    """`percent` of the order that `limit` is; None where the limit is an amount."""
    if percent is None:
        return env._("Amazon's fee %(fee)s is above your limit of %(limit)s.", fee=fee, limit=limit)
    return env._(
        "Amazon's fee %(fee)s is above your limit of %(percent)g %% of the order (%(limit)s).",
        fee=fee,
        percent=percent,
        limit=limit,
    )


def _packing(env, order, reason):
    return env._(
        "Amazon is already packing %(order)s; it can no longer be cancelled (%(reason)s).", order=order, reason=reason
    )


# === SHIPMENTS === #


def _difference(env, units):
    """`units`: [[seller SKU, booked, shipped]]."""
    return ", ".join(
        env._("%(sku)s: %(booked)g booked, %(shipped)g shipped", sku=sku, booked=booked, shipped=shipped)
        for sku, booked, shipped in units
    )


def _no_address(env, partner):
    return env._("%s has no e-mail address.", partner)


def _not_notified(env, shipment, reason):
    return env._(
        "The customer was not notified of shipment %(shipment)s: %(why)s. Fix the template, then send it again on "
        "the FBA tab.",
        shipment=shipment,
        why=reason,
    )


def _not_delivered(env, shipment, kind, detail):
    """`kind`: the failure type of Odoo's notification; `detail`: text of the mail server, perhaps empty."""
    reason = dict(env["mail.notification"]._fields["failure_type"]._description_selection(env)).get(kind, kind)
    detail = " ".join(detail.split())
    return env._(
        "The confirmation of shipment %(shipment)s did not reach the customer: %(reason)s. Check the e-mail address, "
        "or let an administrator check the mail server; then press Send Now on the FBA tab.",
        shipment=shipment,
        reason=f"{reason} ({detail})" if detail else reason,
    )


def _mail_cancelled(env, shipment):
    return env._("The confirmation of shipment %s was cancelled or deleted among Odoo's e-mails.", shipment)


def _mail_lost(env, shipment):
    return env._(
        "The confirmation of shipment %s was deleted among Odoo's messages: whether the customer got it is unknown.",
        shipment,
    )


SHIPMENT_SENTENCES = {
    "difference": _difference,
    "no_address": _no_address,
    "not_notified": _not_notified,
    "not_delivered": _not_delivered,
    "mail_cancelled": _mail_cancelled,
    "mail_lost": _mail_lost,
}
SENTENCES = {
    "paused": _account_paused,
    "paused_or_archived": _paused_or_archived,
    "not_served": _not_served,
    "no_such_option": _no_such_option,
    "too_large": _too_large,
    "address_incomplete": _address_incomplete,
    "address_too_long": _address_too_long,
    "unopened": _unopened,
    "beyond_ordered": _beyond_ordered,
    "no_preview": _no_preview,
    "fee_unknown": _fee_unknown,
    "fee_without_rate": _fee_without_rate,
    "fee_too_high": _fee_too_high,
    "packing": _packing,
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
    "foreign_item": _foreign_item,
    "sighted": _sighted,
    "contradiction": _contradiction,
    "late_shipment": _late_shipment,
    "waits": _waits,
}
