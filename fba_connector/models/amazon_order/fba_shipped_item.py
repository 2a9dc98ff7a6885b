"""Shipped items of orders sold on Amazon, from Amazon's shipments report: carrier and tracking number.

Source: GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL.
"""

from odoo import api, fields, models

from ...amazon.shipped_items import MADE_UP
from ...utc import naive
from ..shared.changes import write_changed
from ..shared.sentence import say


class FbaShippedItem(models.Model):
    _name = "fba.shipped.item"
    _description = "Shipped Item of an Amazon Order"
    _inherit = ["fba.parcel"]
    _order = "shipped_at, id"

    amazon_id = fields.Many2one("fba.amazon.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="amazon_id.company_id", store=True)
    sale_id = fields.Many2one(related="amazon_id.sale_id", store=True, index="btree_not_null")
    shipment_item_id = fields.Char(
        required=True, readonly=True, help="Amazon's key of the row; where it is blank, one that Odoo makes."
    )
    amazon_shipment_id = fields.Char(readonly=True)
    seller_sku = fields.Char("Seller SKU", readonly=True)
    quantity = fields.Integer(readonly=True)
    shipped_at = fields.Datetime("Shipped", readonly=True)

    _shipment_item_unique = models.Constraint(
        "UNIQUE(amazon_id, shipment_item_id)", "This shipped item of the order already exists."
    )

    @api.model
    def _store(self, account, rows):
        """Make the stored items equal to `rows` (amazon.ShippedItem; the last of a key counts) of the account's orders.

        Returns the inbox rows with changes.
        """
        rows = {(row.order_id, row.shipment_item_id): row for row in rows}
        orders = self.env["fba.amazon.order"].search(
            [
                ("account_id", "=", account.id),
                ("amazon_order_id", "in", list({order_id for order_id, _key in rows})),
                ("state", "!=", "ignored"),
            ]
        )
        by_id = {order.amazon_order_id: order for order in orders}
        known = {(item.amazon_id.amazon_order_id, item.shipment_item_id): item for item in orders.shipped_item_ids}
        others = orders.shipped_item_ids.filtered(
            lambda it: (it.amazon_id.amazon_order_id, it.shipment_item_id) not in rows
        ).grouped(lambda it: it._without_key())
        new, changed = [], self.env["fba.amazon.order"]
        for key, row in rows.items():
            order = by_id.get(row.order_id)
            if not order:
                continue  # not imported here: another channel's, or from before the import began
            values = {"shipment_item_id": row.shipment_item_id, **self._values(row)}
            item = known.get(key)
            if not item:
                # One report has a key of Amazon for what another has without: the same item.
                is_made_up = row.shipment_item_id.startswith(MADE_UP)
                same = others.get((row.order_id, row.shipment_id, row.seller_sku, row.quantity or 0), self)
                item = same.filtered(lambda it, ours=is_made_up: it.shipment_item_id.startswith(MADE_UP) != ours)[:1]
            if item:
                if not write_changed(item, values):
                    continue
            else:
                # What is related is given, too: or the new rows are written twice.
                parent = {"amazon_id": order.id, "company_id": order.company_id.id, "sale_id": order.sale_id.id}
                new.append({**parent, **values})
            changed |= order
        self.create(new)
        return changed

    def _without_key(self):
        """(order, shipment, SKU, units), as Amazon's report has them."""
        order = self.amazon_id.amazon_order_id
        return order, self.amazon_shipment_id or None, self.seller_sku or None, self.quantity

    @api.model
    def _values(self, row):
        return {
            "amazon_shipment_id": row.shipment_id or False,
            "seller_sku": row.seller_sku or False,
            "quantity": row.quantity or 0,
            "shipped_at": naive(row.shipped_at) or False,
            "carrier_code": row.carrier_code or False,
            "tracking_number": row.tracking_number or False,
        }


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    is_tracked = fields.Boolean(
        compute="_compute_is_tracked", store=True, help="Amazon reported tracking numbers for all shipped items."
    )

    # Few rows: a number comes within hours, and Odoo waits a month at most.
    _untracked_index = models.Index("(account_id, amazon_updated_at) WHERE state = 'done' AND is_tracked IS NOT TRUE")

    @api.depends("shipped_item_ids.tracking_number", "shipped_item_ids.quantity", "imported")
    def _compute_is_tracked(self):
        for row in self:
            items = row.shipped_item_ids
            # A report may know the first of several shipments only.
            left = sum(shipped for _sku, shipped in (row.imported or {}).get("items", {}).values())
            told = sum(items.mapped("quantity"))
            row.is_tracked = bool(items) and told >= left and all(items.mapped("tracking_number"))

    def _apply_tracking(self):
        """Write carrier, tracking numbers and departure, as far as known, to the deliveries of imported orders."""
        left = {}
        for row in self.filtered("shipped_item_ids"):
            items = row.shipped_item_ids
            shipped_at = max(filter(None, items.mapped("shipped_at")), default=None)
            for picking in row.sale_id.picking_ids.filtered(lambda it: it._fba_has_left()):
                picking._fba_write_tracking(items)
                if shipped_at:
                    left[picking] = shipped_at
        self.env["stock.picking"].union(*left)._fba_redate(left)

    def _note_tracking_failure(self, reason):
        """The order stays imported; the next report has the same numbers."""
        self.error_message = say("tracking_failed", reason=reason)
