"""Lots and serial numbers that Amazon names for goods that left."""

from ..shared.reader import post


def find_or_make_lots(env, company, customers, named):
    """{(product, name): lot id} of those `named` that were not sold before: a serial number that is still with its
    first customer, in the location `customers`, is missing."""
    if not named:
        return {}
    Lot = env["stock.lot"]
    known = Lot.search(
        [
            ("product_id", "in", [product.id for product, _name in named]),
            ("name", "in", [name for _product, name in named]),
            *Lot._check_company_domain(company),
        ]
    )
    # Amazon's stock has no lots in Odoo: a returned lot is still with its first customer.
    delivered = env["stock.quant"].search(
        [("lot_id", "in", known.ids), ("location_id", "=", customers.id), ("quantity", ">", 0)]
    )
    sold = delivered.lot_id.filtered(lambda lot: lot.product_id.tracking == "serial")
    lots = {(lot.product_id, lot.name): lot.id for lot in known - sold}
    missing = [key for key in named - {(lot.product_id, lot.name) for lot in sold} if key not in lots]
    made = Lot.create([{"product_id": product.id, "name": name, "company_id": company.id} for product, name in missing])
    return lots | dict(zip(missing, made.ids, strict=True))


def note_unbooked_lots(picking, unbooked):
    """`unbooked`: such as ["Desk: S1, S2"], one for each product."""
    post(
        picking,
        picking.sale_id._fba_responsible(),
        lambda env: env._(
            "Amazon reported these lots and serial numbers, but they are ambiguous or already sold. The delivery was "
            "booked without them: %s",
            "; ".join(unbooked),
        ),
    )
