"""What an order of the inbox has booked: it stays known, whatever becomes of its sales order, and is booked once."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.sentence import Words, say


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    booked_at = fields.Datetime("Imported", readonly=True, copy=False)
    booked_name = fields.Char("Imported As", readonly=True, copy=False, help="Sales order that Odoo made of it.")
    booked_total = fields.Monetary("Imported Total", readonly=True, copy=False)
    rate_is_old = fields.Boolean(
        "Old Exchange Rate",
        compute="_compute_rate_is_old",
        store=True,
        help="Odoo had no exchange rate of the last week before the order, and converted at an older one.",
    )
    booked_delivery_ids = fields.One2many("stock.picking", "fba_amazon_order_id", "Deliveries", readonly=True)
    twin_id = fields.Many2one(
        "fba.amazon.order", "Imported by Another Account", readonly=True, copy=False, index="btree_not_null"
    )
    import_again = fields.Boolean(readonly=True, copy=False, help="A user wants it imported once more.")
    may_import_again = fields.Boolean(compute="_compute_may_import_again")

    @api.depends("error_message")
    def _compute_rate_is_old(self):
        for row in self:
            message = row.error_message
            row.rate_is_old = isinstance(message, Words) and message.sentence.code == "old_rate"

    @api.depends("sale_id", "booked_at", "twin_id", "import_again")
    def _compute_may_import_again(self):
        for row in self:
            row.may_import_again = bool(row.booked_at or row.twin_id) and not (row.sale_id or row.import_again)

    def _note_booking(self, sale, order, message=False):
        """`order` (amazon.SoldOrder) is `sale` now, and its goods are booked; `message`: what is to be said of it."""
        self._settle("done", message, imported=self._facts_of(order), twin_id=False, import_again=False)
        self._link_booking(sale, fields.Datetime.now())

    def _link_booking(self, sale, booked_at):
        self.write(
            {
                "sale_id": sale.id,
                "booked_at": booked_at,
                "booked_name": sale.name,
                "booked_total": sale.amount_total,
            }
        )
        sale.picking_ids.filtered(lambda picking: picking._fba_has_left()).fba_amazon_order_id = self

    def _keep_booked(self, orders):
        """Settle those that were booked before, here or by another account: their goods do not leave again. Returns
        them. `orders`: {row: amazon.SoldOrder}."""
        rows = self.filtered(lambda row: row in orders and not (row.sale_id or row.import_again))
        booked = rows.filtered("booked_at")
        for row in booked:
            row._settle("done", row._gone_message(), imported=row._facts_of(orders[row]))
        others = rows - booked
        twins = self.sudo().search(
            [
                ("amazon_order_id", "in", others.mapped("amazon_order_id")),
                ("account_id", "not in", others.account_id.ids),
                ("booked_at", "!=", False),
            ]
        )
        twin_of = {twin.amazon_order_id: twin for twin in twins}
        elsewhere = others.filtered(lambda row: row.amazon_order_id in twin_of)
        for row in elsewhere:
            twin = twin_of[row.amazon_order_id]
            row._settle("ignored", row._twin_message(twin), twin_id=twin.id)
        return booked | elsewhere

    def _twin_message(self, twin):
        if twin.company_id != self.company_id:  # whose names are none of this company's business
            return say("twin_elsewhere")
        return say("twin", account=twin.account_id.name, order=twin.booked_name)

    def _note_gone(self):
        """Their sales orders were deleted."""
        for row in self:
            row.error_message = row._gone_message()

    def _gone_message(self):
        return say("gone", order=self.booked_name, deliveries=self._remaining_deliveries())

    def _remaining_deliveries(self):
        return self.booked_delivery_ids.filtered(lambda picking: picking.state == "done").mapped("name")

    def _decline_again(self, order, why):
        """Amazon has taken back `order` (amazon.SoldOrder), which was imported before and was to be imported once more.

        What was booked stays booked. `why`: see `_reason_ignored`.
        """
        if not self.booked_at:  # another account has imported it
            self._settle("ignored", say("not_again", why=why), import_again=False)
            return
        message = say("not_again", why=why, order=self.booked_name, deliveries=self._remaining_deliveries())
        self._settle("done", message, imported=self._facts_of(order), import_again=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if booked := self.filtered("booked_at")[:1]:
            raise UserError(
                self.env._(
                    "%s was imported. Its row stays: without it, Odoo would book the same order again.",
                    booked.amazon_order_id,
                )
            )

    def action_import_again(self):
        """Import orders once more whose sales orders were deleted, or that another account has imported: their goods
        leave the stock again.

        Raises AccessError, and UserError for an order that still has its sales order or was never imported.
        """
        self._check_may_import()
        rows = self.sudo()
        if there := rows.filtered("sale_id")[:1]:
            raise UserError(
                self.env._(
                    "%(id)s is sales order %(order)s. Cancel and delete that one first.",
                    id=there.amazon_order_id,
                    order=there.sale_id.name,
                )
            )
        if new := rows.filtered(lambda row: not row.may_import_again)[:1]:
            raise UserError(self.env._("%s has not been imported yet. Press Replay.", new.amazon_order_id))
        rows.write({"import_again": True, "is_due": True})
        rows._process()
        for sale in rows.sale_id:
            sale._fba_post(lambda env: env._("%s imported this order from Amazon once more.", env.user.name))
        return True


class FbaAccount(models.Model):
    _inherit = "fba.account"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked_orders(self):
        """The inbox would go with the account."""
        booked = self.env["fba.amazon.order"].sudo().search(
            [("account_id", "in", self.ids), ("booked_at", "!=", False)], limit=1
        )  # fmt: skip
        if booked:
            raise UserError(
                self.env._(
                    "Account %s has imported orders and cannot be deleted: Odoo would book them again with the next "
                    "account. Archive it instead.",
                    booked.account_id.name,
                )
            )
