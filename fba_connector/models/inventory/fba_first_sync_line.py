"""A product of a first synchronization: the figures that were shown, and what became of it."""

from odoo import fields, models

from ..shared.sentence import SentenceField, say
from .first_sync_sentences import SENTENCES

# Field -> the name of the quantity in Odoo's stock (`_fba_stock`).
STOCK = {"odoo_stock": "stock", "odoo_held": "held", "odoo_unsellable": "unsellable"}


class FbaFirstSyncLine(models.Model):
    """Quantities are in the product's own unit."""

    _name = "fba.first.sync.line"
    _description = "Product of the First Synchronization"
    _inherit = ["fba.work.item"]
    _rec_name = "product_id"
    _order = "warehouse_id, id"
    _sentences = SENTENCES

    first_sync_id = fields.Many2one("fba.first.sync", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="first_sync_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", "AFN Warehouse", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    seller_skus = fields.Char("Seller SKU", readonly=True)

    odoo_quantity = fields.Float(
        "Odoo", digits="Product Unit", readonly=True, help="Without units that Amazon has shipped and Odoo books later."
    )
    amazon_quantity = fields.Float("Amazon", digits="Product Unit", readonly=True)
    difference = fields.Float("To Book", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True)

    fulfillable_quantity = fields.Float("Fulfillable", digits="Product Unit", readonly=True)
    held_quantity = fields.Float("Held by Amazon", digits="Product Unit", readonly=True)
    unsellable_quantity = fields.Float("Unsellable", digits="Product Unit", readonly=True)
    sent_quantity = fields.Float("Sent", digits="Product Unit", readonly=True, help="Own units that have not left yet.")
    odoo_stock = fields.Float("Stock in Odoo", digits="Product Unit", readonly=True)
    odoo_held = fields.Float("Held in Odoo", digits="Product Unit", readonly=True)
    odoo_unsellable = fields.Float("Unsellable in Odoo", digits="Product Unit", readonly=True)

    outcome = fields.Selection([("booked", "Booked"), ("left", "Left Out"), ("failed", "Failed")], readonly=True)
    note = SentenceField("Message", readonly=True)

    def _note_failure(self, reason):
        self.write({"outcome": "failed", "note": reason})

    def _book_as_shown(self):
        """Book these differences, and divide the units between the three locations, by the counts that were shown.

        A product whose stock in Odoo has changed since is left out.
        """
        for warehouse, lines in self.grouped("warehouse_id").items():
            stock = warehouse._fba_stock(lines.product_id)
            same = lines.filtered(lambda line, stock=stock: line._is_as_shown(stock[line.product_id]))
            booked = same._book_shown(warehouse)
            booked.outcome = "booked"
            (lines - booked).write({"outcome": "left", "note": say("changed")})

    def _is_as_shown(self, stock):
        """Whether `stock` ({"stock", "held", "unsellable": units}) is what was shown."""
        return not any(self.product_id.uom_id.compare(self[name], stock[part]) for name, part in STOCK.items())

    def _book_shown(self, warehouse):
        """Book these lines in `warehouse`; returns them without those of products that must be left alone by now."""
        balance = warehouse._fba_weigh(self.product_id)
        lines = self.filtered(lambda line: line.product_id in balance.holdings.products)
        if lines:
            balance.products = lines.product_id
            balance.counts = {line.product_id: line._counts() for line in lines}
            counted_at = lines.first_sync_id.counted_at
            balance.observed = dict.fromkeys(lines.product_id, (counted_at, counted_at))
            balance.for_sale = {line.product_id: line.fulfillable_quantity + line.sent_quantity for line in lines}
            for line in lines.filtered("difference"):
                (balance.found if line.difference > 0 else balance.lost)[line.product_id] = abs(line.difference)
            balance.warehouse._fba_book_balance(
                balance, self.env._("Amazon's count, confirmed by a user: %s", warehouse.fba_account_id.name)
            )
        return lines

    def _counts(self):
        return {name: self[f"{name}_quantity"] for name in ("fulfillable", "held", "unsellable")}
