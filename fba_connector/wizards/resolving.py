"""Carries out the choices for units without a source, and says what happened."""

from collections import Counter

from odoo.exceptions import UserError

STEPS = ("amazon", "own", "drop")  # the own warehouse after Amazon: then a person's choice of it stands


def resolve(sale, steps):
    """Carry out `steps` of `sale`, see `resolve_together`. Returns function(env) -> what happened, in words."""
    return resolve_together(sale, steps)[sale]


def resolve_together(sales, steps):
    """Carry out `steps` [(sale order line, choice, own warehouse, units in the product's unit)] of `sales` at once.

    Returns {sale: function(env) -> what happened, in words}; that is in the chatter, too. Raises UserError: why not, of
    any of them.
    """
    items = {sale: [] for sale in sales}
    sales.check_access("write")
    sales.lock_for_update()
    for choice in STEPS:
        units = {}
        for line, its_choice, warehouse, some in steps:
            if its_choice == choice:
                of_warehouse = units.setdefault(
                    warehouse if choice == "own" else sales.warehouse_id.browse(), Counter()
                )
                of_warehouse[line] += some
        for warehouse, of_lines in units.items():
            lines = sales.order_line.browse().union(*of_lines)
            for line, item in _carry_out(lines, choice, warehouse, of_lines).items():
                items[line.order_id].append(item)
    return {sale: _summarize(sale, its) for sale, its in items.items()}


def _summarize(sale, items):
    def summary(env):
        return "; ".join(_words(env, item) for item in items)

    sale._fba_post(lambda env: env._("Resolved: %s.", summary(env)))
    return summary


def _carry_out(lines, choice, warehouse, units):
    """{line: item of `_words`} of `lines`."""
    unsourced = {line: line.fba_unsourced_product_qty for line in lines}
    open_before, lacking = lines.sudo().move_ids._fba_open(), _lacking(lines)
    if choice == "own":
        lines._fba_source_from_own(warehouse, units)
    elif choice == "amazon":
        _plan, reasons = lines._fba_source(units)
        if reasons:
            raise UserError(" ".join(dict.fromkeys(reasons.values())))
    else:
        lines._fba_drop(units)
    still_lacking, items = _lacking(lines), {}
    for line in lines:
        done = unsourced[line] - line.fba_unsourced_product_qty
        if line.product_id.uom_id.compare(done, 0) <= 0:
            raise UserError(
                line.env._(
                    "%(product)s of %(order)s: nothing was left to change. Open Resolve again.",
                    product=line.product_id.display_name,
                    order=line.order_id.name,
                )
            )
        moves = line.sudo().move_ids._fba_open()
        new = (moves - open_before) or moves
        orders = new.fba_line_id.order_id.filtered(lambda order: not order.at_amazon)
        items[line] = {
            "choice": choice,
            "quantity": done,
            "product": line.product_id.display_name,
            "warehouse": (orders.warehouse_id[:1] if choice == "amazon" else warehouse).name,
            "state": orders[-1:].state,
            "waits": choice == "own" and still_lacking[line] - lacking[line] > 0,
        }
    return items


def _lacking(lines):
    """{line: units of its open moves that nothing is reserved for}."""
    return {line: sum(move._fba_unreserved() for move in line.sudo().move_ids._fba_open()) for line in lines}


def _words(env, item):
    values = {name: item[name] for name in ("quantity", "product", "warehouse")}
    if item["choice"] == "drop":
        return env._("%(quantity)g × %(product)s dropped", quantity=item["quantity"], product=item["product"])
    if item["choice"] == "amazon":
        labels = dict(env["fba.fulfillment.order"]._fields["state"]._description_selection(env))
        return env._(
            "%(quantity)g × %(product)s from %(warehouse)s, %(state)s", **values, state=labels.get(item["state"], "")
        )
    if item["waits"]:
        return env._("%(quantity)g × %(product)s from %(warehouse)s, waits for stock", **values)
    return env._("%(quantity)g × %(product)s from %(warehouse)s, reserved", **values)
