"""Orders that wait for something that Odoo lacks: they are due once it is there, whoever brought it."""

from datetime import timedelta

from odoo import api, fields, models

from ..warehouse.resolution import agreed
from .awaited import AWAITED


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    awaits = fields.Selection(AWAITED, "Waits For", readonly=True, index="btree_not_null")
    awaited = fields.Char(
        "Missing",
        readonly=True,
        exportable=False,
        help="The seller SKU, the Amazon marketplace, the currency, or the currency and its day.",
    )

    def _wake_found(self):
        """Those of these (one account's) whose missing thing is there now are due. A query or two for each kind."""
        there = {
            "sku": self._with_sku,
            "stock": self._with_stock,
            "warehouse": self._with_warehouse,
            "rate": self._with_rate,
            "currency": self._with_currency,
            "marketplace": self._with_marketplace,
        }
        woken = self.browse()
        for kind, rows in self.grouped("awaits").items():
            woken |= there[kind](rows)
        woken.is_due = True

    @api.model
    def _with_sku(self, rows):
        """`rows` whose seller SKU, or ASIN, can be imported now."""
        found = rows.browse()
        for warehouse, here in rows.grouped(lambda row: row.account_id._warehouse_of(row.marketplace_id)).items():
            if not warehouse:
                continue
            by_sku = here.filtered("missing_sku")
            Sku = self.env["fba.sku"]
            of_skus = Sku._resolve_skus(warehouse, list(set(by_sku.mapped("missing_sku"))))
            of_asins = Sku._resolve_asins(warehouse, set((here - by_sku).mapped("awaited")))
            found |= by_sku.filtered(lambda row, known=of_skus: known[row.missing_sku].is_sold)
            found |= (here - by_sku).filtered(lambda row, known=of_asins: agreed(known.get(row.awaited, {}).values()))
        return found

    @api.model
    def _with_warehouse(self, rows):
        return rows.filtered(lambda row: row.account_id._warehouse_of(row.marketplace_id))

    @api.model
    def _with_marketplace(self, rows):
        known = self.env["fba.marketplace"].search([("marketplace_id", "in", rows.mapped("awaited"))])
        ids = set(known.mapped("marketplace_id"))
        return rows.filtered(lambda row: row.awaited in ids)

    @api.model
    def _with_currency(self, rows):
        active = set(self.env["res.currency"].search([("name", "in", rows.mapped("awaited"))]).mapped("name"))
        return rows.filtered(lambda row: row.awaited in active)

    @api.model
    def _with_rate(self, rows):
        """`rows` whose company has a rate of the currency on the day or before it, as the import asks for it."""
        names = {row: row.awaited.partition(" ")[0] for row in rows}
        Currency = self.env["res.currency"].with_context(active_test=False)
        currencies = Currency.search([("name", "in", list(names.values()))]).grouped("name")

        def asked(row):
            return currencies[names[row]], fields.Date.to_date(row.awaited.partition(" ")[2])

        found = rows.browse()
        for company, here in rows.filtered(lambda row: names[row] in currencies).grouped("company_id").items():
            rates = Currency._fba_rates(company, [asked(row) for row in here])
            found |= here.filtered(lambda row, rates=rates: asked(row) in rates)
        return found


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _wake_waiting(self):
        """Orders that wait for something that is there now are due."""
        waiting = [("account_id", "=", self.id), ("awaits", "!=", False), ("is_due", "=", False)]
        self.env["fba.amazon.order"].search(waiting)._wake_found()

    @api.model
    def _wake_soon(self, *kinds):
        """Someone brought a thing of one of `kinds` (see AWAITED): the import starts where orders wait for such."""
        waiting = self.env["fba.amazon.order"].sudo()._read_group([("awaits", "in", kinds)], ["account_id"])
        if waiting:
            self.union(*(account for (account,) in waiting))._trigger_again("import", timedelta())
