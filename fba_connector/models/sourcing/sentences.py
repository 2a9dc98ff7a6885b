"""Sentences of sale order lines: {code: function(env, **values) -> text}. See shared/sentence.py."""


def _product_archived(env, product):
    return env._("%s is archived. Restore the product first.", product)


def _not_tracked(env, product):
    return env._("%s is not tracked in stock.", product)


def _short(env, product, free, needed, boxed=()):
    """`boxed`: [[seller SKU, units in its packs]]."""
    if not boxed:
        return env._(
            "%(product)s: %(free)g free at Amazon, %(needed)g needed.", product=product, free=free, needed=needed
        )
    return env._(
        "%(product)s: %(free)g free at Amazon as single units and %(boxed)s, %(needed)g needed. Amazon ships packs "
        "and kits unopened.",
        product=product,
        free=free,
        boxed=", ".join(env._("%(units)g in %(sku)s", units=units, sku=sku) for sku, units in boxed),
        needed=needed,
    )


def _packs(env, product, unit, quantity, packs):
    """`packs`: [[seller SKU, units in one]]."""
    return env._(
        "Amazon cannot fulfill %(quantity)g %(unit)s of %(product)s: it ships packs unopened, and has %(skus)s.",
        quantity=quantity,
        unit=unit,
        product=product,
        skus=", ".join(env._("%(sku)s of %(units)g", sku=sku, units=units) for sku, units in packs),
    )


def _own_has_enough(env, warehouse):
    return env._("%s has enough stock.", warehouse)


def _own_by_hand(env):
    return env._("A user chose your own warehouse.")


def _product_excluded(env, product):
    return env._("%s is excluded from automatic sourcing.", product)


def _carrier_excluded(env, carrier):
    return env._("Delivery method %s is excluded from automatic sourcing.", carrier)


def _own_route(env, product):
    return env._("%s has its own route.", product)


def _to_order(env, product):
    return env._("%s is bought or made for this order.", product)


def _reserved(env, product, warehouse, why=False):
    """`why`: what keeps Amazon from fulfilling it. To release it is advice only where nothing does."""
    if why:
        return env._("%(product)s is reserved by %(warehouse)s. %(why)s", product=product, warehouse=warehouse, why=why)
    return env._(
        "%(product)s is reserved by %(warehouse)s. Release it on the Sourcing tab first.",
        product=product,
        warehouse=warehouse,
    )


def _not_sourced(env, warehouse, reason):
    return env._("Could not be sourced from %(afn)s: %(why)s", afn=warehouse, why=reason)


SENTENCES = {
    "archived": _product_archived,
    "untracked": _not_tracked,
    "short": _short,
    "packs": _packs,
    "own_has_enough": _own_has_enough,
    "own_by_hand": _own_by_hand,
    "product_excluded": _product_excluded,
    "carrier_excluded": _carrier_excluded,
    "own_route": _own_route,
    "to_order": _to_order,
    "reserved": _reserved,
    "failed": _not_sourced,
}
