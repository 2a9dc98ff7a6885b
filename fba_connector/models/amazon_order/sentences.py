"""Sentences that the inbox stores: {code: function(env, **values) -> text}. See shared/sentence.py.

Amounts are [amount, ID of the currency].
"""

from odoo import fields
from odoo.tools import format_amount, format_date

from ..shared.sentence import gives_way_on
from ..shared.ties import NAMED, in_short


def _amount(env, amount):
    value, currency_id = amount
    currency = env["res.currency"].browse(currency_id or [])
    return format_amount(env, value, currency) if currency else f"{value:.2f}"


def _day(env, day):
    return format_date(env, fields.Date.to_date(day))


def _ended(text):
    """`text` as a whole sentence."""
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text}."


# === OUTCOMES === #


def _own_order(env):
    return env._("Our own order, fulfilled by Amazon.")


def _sold_elsewhere(env):
    return env._("Sold elsewhere, and not sent to Amazon from this Odoo.")


def _not_fulfilled(env):
    return env._("Not fulfilled by Amazon.")


def _too_early(env):
    return env._("Ordered before the account began to import.")


def _cancelled_unshipped(env):
    return env._("Cancelled before it was shipped.")


def _unshipped(env):
    return env._("Waiting for Amazon to ship it.")


def _nothing_shipped(env):
    return env._("Amazon shipped none of its items.")


def _not_imported(env, reason):
    return env._("Could not be imported: %s", reason)


def _tracking_failed(env, reason):
    return env._("The tracking numbers could not be written to the delivery: %s", reason)


# === WHAT IS MISSING === #


@gives_way_on
def _waits_for_skus(env, notes):
    """`notes`: [[seller SKU, why it cannot be used]]."""
    reasons = [
        env._("Seller SKU %(sku)s cannot be used yet: %(reason)s", sku=f'"{sku}"', reason=note)
        for sku, note in notes[:NAMED]
    ]
    if others := [f'"{sku}"' for sku, _note in notes[NAMED:]]:
        reasons.append(env._("Nor can these be used: %s.", in_short(env, others)))
    end = env._("Press Map, or ask an FBA Administrator to do so. Odoo then imports the order automatically.")
    return " ".join([*reasons, end])


def _nameless(env, item):
    return env._(
        "Amazon names no seller SKU for %s. Press Replay once Seller Central shows it, or enter the sale by hand.", item
    )


def _several_skus(env, item, asin, known):
    """`known`: [[seller SKU, product, its units in one unit of the SKU]]."""
    return env._(
        "Amazon names no seller SKU for %(item)s, and its ASIN %(asin)s has several: %(known)s. Have an FBA "
        "Administrator change those that are wrong under Channel Managers > Configuration > Seller SKUs: Odoo imports "
        "the order automatically once they mean the same. Or enter the sale by hand.",
        item=item,
        asin=asin,
        known="; ".join(
            env._("%(sku)s is %(size)g × %(product)s", sku=f'"{sku}"', size=size, product=product)
            for sku, product, size in known
        ),
    )


def _no_warehouse(env, account, marketplace):
    return env._(
        "No AFN warehouse of account %(account)s sells on marketplace %(marketplace)s. Ask an FBA Administrator to "
        "enter the marketplace under Sells On of a warehouse. Odoo then imports the order automatically.",
        account=account,
        marketplace=marketplace,
    )


def _inactive_currency(env, currency):
    return env._(
        "Ask an administrator to activate the currency %s. Odoo then imports the order automatically.", currency
    )


def _no_rate(env, currency, day):
    return env._(
        "Odoo has no exchange rate of %(currency)s for %(day)s or earlier, and would convert 1:1 or at a later rate. "
        "Ask an accountant or an administrator to enter one under Invoicing > Configuration > Currencies. Odoo then "
        "imports the order automatically.",
        currency=currency,
        day=_day(env, day),
    )


def _old_rate(env, currency, own, rate, day):
    """`rate`: units of `currency` for one of the company's `own`."""
    return env._(
        "Converted at the exchange rate of %(day)s, the last one before the order: %(own)s 1 = %(currency)s %(rate)s. "
        "Ask an accountant or an administrator to keep the rates current under Invoicing > Configuration > Currencies.",
        day=_day(env, day),
        own=own,
        currency=currency,
        rate=f"{rate:.6g}",
    )


def _unstocked(env, lacking):
    """`lacking`: [[product, units in Odoo, units needed]]."""
    return env._(
        "Waiting for stock, since Odoo refuses to deliver what it does not have: it has %(lacking)s. Odoo imports "
        "the order automatically when they are there.",
        lacking=", ".join(
            env._("%(there)g of %(needed)g × %(product)s", there=there, needed=needed, product=product)
            for product, there, needed in lacking
        ),
    )


def _unconfirmed(env, why):
    """`why`: the words of the module that stopped it; empty where it says nothing."""
    return env._(
        "Odoo does not confirm the order: %s Change what stops it, then press Replay.",
        why or env._("another module or an automation keeps it as a quotation."),
    )


def _undelivered(env, order):
    return env._(
        "Odoo does not book the delivery of %s. Another module or an automation keeps it open. Change that, then "
        "press Replay.",
        order,
    )


def _no_answer(env, reason):
    return env._(
        "Amazon does not tell who owes the tax of this order (%s), and its report does not either. Compare with Seller "
        "Central, and enter the sale by hand.",
        reason,
    )


# === BOOKED BEFORE === #


def _imported_twin(env, account, order):
    return env._(
        "Account %(account)s has imported it as %(order)s: the same order is not booked twice.",
        account=account,
        order=order,
    )


def _twin_elsewhere(env):
    return env._("An account of another company has imported it: the same order is not booked twice.")


def _gone(env, order, deliveries):
    """`deliveries`: names of those that remain."""
    return env._(
        "Sales order %(order)s was deleted in Odoo, and is not imported again. Deliveries that remain: "
        "%(deliveries)s. To import it once more on purpose, press Import Again.",
        order=order,
        deliveries=", ".join(deliveries) or env._("none"),
    )


def _not_again(env, why, order=None, deliveries=()):
    """`why`: a code of `_reason_ignored`. `order`: the deleted sales order, where this account had imported it;
    `deliveries`: names of those that remain."""
    reasons = {
        "cancelled": env._("Amazon has cancelled it since, so there is nothing to import again."),
        "nothing_shipped": env._("Amazon now says that none of it was shipped, so there is nothing to import again."),
        "not_fulfilled": env._("Amazon now says that it does not fulfill it, so there is nothing to import again."),
    }
    if not order:
        return reasons[why]
    return env._(
        "%(reason)s Sales order %(order)s was deleted in Odoo. Deliveries that remain: %(deliveries)s. If their goods "
        "did not leave, return them in Odoo.",
        reason=reasons[why],
        order=order,
        deliveries=", ".join(deliveries) or env._("none"),
    )


# === AMOUNTS === #


def _no_amounts(env):
    return env._("Amazon returned no amounts. Press Replay once Seller Central shows them.")


def _other_total(env, parts, total):
    return env._(
        "The amounts add up to %(parts)s, but Amazon's total is %(total)s. Compare with Seller Central.",
        parts=_amount(env, parts),
        total=_amount(env, total),
    )


def _charged_unshipped(env, sku, amount):
    return env._(
        "%(sku)s was not shipped, but Amazon charges %(amount)s for it. Compare with Seller Central.",
        sku=sku,
        amount=_amount(env, amount),
    )


def _taxes_change_total(env, ours, theirs):
    return env._(
        "The total would be %(ours)s with Odoo's taxes, but Amazon's is %(theirs)s. Check the taxes of "
        "the products and the fiscal position, or have an FBA Administrator let the account book Amazon's amounts.",
        ours=_amount(env, ours),
        theirs=_amount(env, theirs),
    )


def _other_taxes(env, ours, theirs):
    return env._(
        "Odoo computes %(ours)s of tax, but Amazon says %(theirs)s. Check the taxes of the products and the "
        "fiscal position, or have an FBA Administrator let the account book Amazon's amounts.",
        ours=_amount(env, ours),
        theirs=_amount(env, theirs),
    )


def _tax_unplaced(env):
    return env._(
        "Amazon names a tax for the whole order inside its prices, but not which items it is on. Set taxes on these "
        "products, or enter the sale by hand."
    )


def _taxed_apart(env, kind):
    """`kind`: of the charge, in Amazon's word."""
    return env._(
        "Amazon charges %s for the whole order, whose items are not taxed alike: nothing says which tax it holds. "
        "Enter the sale by hand, or have an FBA Administrator let the account book Amazon's amounts.",
        kind,
    )


def _undecided_collection(env):
    return env._(
        "Somebody collects the tax on this order in a way that Amazon does not document: nothing says whether the "
        "company owes it. Compare with Seller Central, and enter the sale by hand, or have an FBA "
        "Administrator let the account book Amazon's amounts."
    )


def _undecided_destination(env):
    return env._(
        "The buyer has a VAT number, and Amazon names neither a tax nor the destination: nothing says whether tax is "
        "due. Have an FBA Administrator set Buyer Data of the account to Destination or more for the next orders. For "
        "this one, enter the sale by hand, or have the administrator let the account book Amazon's amounts."
    )


# === INVOICES === #


def _not_invoiced(env, reason):
    return env._("No invoice could be made: %s Odoo will try again.", _ended(reason))


def _nothing_to_invoice(env):
    return env._("Odoo finds nothing to invoice on the sales order. Check its lines and their delivered quantities.")


def _invoice_differs(env, total, tax, their_total, their_tax):
    return env._(
        "The invoice is over %(total)s with %(tax)s of tax, but the order was imported at %(their_total)s with "
        "%(their_tax)s. It stays a draft: ask an accountant to correct and confirm it.",
        total=_amount(env, total),
        tax=_amount(env, tax),
        their_total=_amount(env, their_total),
        their_tax=_amount(env, their_tax),
    )


# === CHANGES AFTER THE IMPORT === #


def _changed_later(env, order, changes):
    """`changes`: [["status", "total" or a seller SKU, before, now]]."""
    labels = {"status": env._("status"), "total": env._("total")}
    return env._(
        "Amazon changed order %(order)s after it was imported: %(changes)s. Check it in Seller Central and correct "
        "the sales order, its delivery or its invoice.",
        order=order,
        changes="; ".join(
            env._("%(what)s %(before)s → %(now)s", what=labels.get(what, what), before=before, now=now)
            for what, before, now in changes
        ),
    )


SENTENCES = {
    "own_order": _own_order,
    "sold_elsewhere": _sold_elsewhere,
    "not_fulfilled": _not_fulfilled,
    "too_early": _too_early,
    "cancelled": _cancelled_unshipped,
    "unshipped": _unshipped,
    "nothing_shipped": _nothing_shipped,
    "failed": _not_imported,
    "tracking_failed": _tracking_failed,
    "unusable_skus": _waits_for_skus,
    "nameless": _nameless,
    "several_skus": _several_skus,
    "no_warehouse": _no_warehouse,
    "inactive_currency": _inactive_currency,
    "no_rate": _no_rate,
    "old_rate": _old_rate,
    "unstocked": _unstocked,
    "unconfirmed": _unconfirmed,
    "undelivered": _undelivered,
    "unanswered": _no_answer,
    "twin": _imported_twin,
    "twin_elsewhere": _twin_elsewhere,
    "gone": _gone,
    "not_again": _not_again,
    "no_amounts": _no_amounts,
    "other_total": _other_total,
    "charged_unshipped": _charged_unshipped,
    "taxes_change_total": _taxes_change_total,
    "other_taxes": _other_taxes,
    "tax_unplaced": _tax_unplaced,
    "taxed_apart": _taxed_apart,
    "undecided_collection": _undecided_collection,
    "undecided_destination": _undecided_destination,
    "not_invoiced": _not_invoiced,
    "nothing_to_invoice": _nothing_to_invoice,
    "invoice_differs": _invoice_differs,
    "changed": _changed_later,
}
