"""Sentences of seller SKUs and AFN warehouses: {code: function(env, **values) -> text}. See shared/sentence.py."""

from ..shared.sentence import way_on


def _suggested(env, product):
    return env._(
        "Matched with %s by its internal reference. Confirm it, or ask an FBA Administrator to do so: until then its "
        "stock is not booked.",
        product,
    )


def _chosen(env, product):
    return env._(
        "Entered as %s. Confirm it, or ask an FBA Administrator to do so: until then its stock is not booked.", product
    )


def _uncounted(env):
    return env._("Amazon names this SKU without its units. Odoo keeps the last count until Amazon reports a new one.")


def _unknown(env, sku):
    reason = env._("No product has the internal reference %s.", sku)
    return way_on(env, reason, env._("An FBA Administrator can map it."))


def _graded(env, sku, reference):
    if reference:
        return env._(
            "Amazon sells this graded return as used. No product has the internal reference %s of your rule: create "
            "it, or have an FBA Administrator map the SKU.",
            reference,
        )
    return way_on(
        env,
        env._("Amazon sells this graded return as used; its stock is kept apart."),
        env._("An FBA Administrator can map it, or enter a rule for graded returns on the account."),
    )


def _ambiguous(env, sku, products):
    reason = env._(
        "Several products have the internal reference %(sku)s: %(products)s.", sku=sku, products=", ".join(products)
    )
    return way_on(env, reason, env._("An FBA Administrator can map it to one."))


def _changed(env, before, now):
    return env._(
        "It was confirmed as %(before)s and is now %(now)s. Nothing is booked until an FBA Administrator confirms "
        "the change.",
        before=_goods(before),
        now=_goods(now),
    )


def _wrong_unit(env, product, unit, before):
    reason = env._(
        "%(product)s is counted in %(unit)s, but the SKU in %(before)s.", product=product, unit=unit, before=before
    )
    way = env._("An FBA Administrator can confirm how many %s one unit of the SKU holds.", unit)
    return way_on(env, reason, way)


def _archived(env, product):
    return env._("%s is archived. Restore it, or have an FBA Administrator map the SKU to another product.", product)


def _untracked(env, product):
    return env._(
        "%s is not tracked in stock. Track its inventory, or have an FBA Administrator map the SKU to another product.",
        product,
    )


def _service(env, product):
    reason = env._("%s is a service: there is nothing to count.", product)
    return way_on(env, reason, env._("An FBA Administrator can map the SKU to a product."))


def _combo(env, product):
    reason = env._("%s is a combo: its contents differ from order to order.", product)
    return way_on(env, reason, env._("An FBA Administrator can map the SKU to a product or a kit."))


def _company(env, product, company):
    reason = env._("%(product)s belongs to %(company)s.", product=product, company=company)
    return way_on(env, reason, env._("An FBA Administrator can map the SKU to a product of this company."))


def _no_parts(env, product):
    return env._("The kit %s has no parts that are tracked in stock. Check its bill of materials.", product)


def _optional_parts(env, product):
    reason = env._("The parts of the kit %s depend on options chosen in the order.", product)
    return way_on(env, reason, env._("An FBA Administrator can map the SKU to a kit with fixed parts."))


def _closed(env, warehouse):
    return env._(
        "%s is not available for fulfillment. An administrator can switch it on in "
        "Inventory > Configuration > Warehouses.",
        warehouse,
    )


def _account_archived(env, account):
    return env._('Account "%s" is archived.', account)


def _not_live(env, account):
    return env._('Account "%s" is not live yet. An FBA Administrator has to finish its guide first.', account)


def _no_sku(env, product):
    return env._(
        '"%s" has no Amazon seller SKU. Set its internal reference, or have an FBA Administrator map it under '
        "Channel Managers > Configuration > Seller SKUs.",
        product,
    )


def _unusable_skus(_env, notes):
    """`notes`: [[seller SKU, why it cannot be used]]."""
    return " ".join(f"{sku}: {note}" for sku, note in notes)


def _fraction(env, product, unit, quantity):
    return env._(
        "Amazon cannot fulfill %(quantity)g %(unit)s of %(product)s: it ships whole pieces only.",
        quantity=quantity,
        unit=unit,
        product=product,
    )


def _goods(goods):
    return " + ".join(f"{units:g} × {product}" for product, units in goods)


SENTENCES = {
    "suggested": _suggested,
    "chosen": _chosen,
    "uncounted": _uncounted,
    "unknown": _unknown,
    "graded": _graded,
    "ambiguous": _ambiguous,
    "changed": _changed,
    "wrong_unit": _wrong_unit,
    "archived": _archived,
    "untracked": _untracked,
    "service": _service,
    "combo": _combo,
    "company": _company,
    "no_parts": _no_parts,
    "optional_parts": _optional_parts,
    "closed": _closed,
    "account_archived": _account_archived,
    "not_live": _not_live,
    "no_sku": _no_sku,
    "unusable_skus": _unusable_skus,
    "fraction": _fraction,
}
