"""Confirmation before the first synchronization: its changes, product by product."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

GOOD_FOR = timedelta(hours=1)  # after that, Amazon's counts are old


class FbaFirstSyncWizard(models.TransientModel):
    _name = "fba.first.sync.wizard"
    _description = "First Synchronization with Amazon"

    account_id = fields.Many2one("fba.account", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="account_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    counted_at = fields.Datetime(required=True, readonly=True)
    line_ids = fields.One2many("fba.first.sync.wizard.line", "wizard_id", "Differences", readonly=True)
    product_count = fields.Integer(readonly=True)
    unknown_count = fields.Integer(readonly=True)
    value = fields.Monetary("Value of All Differences", compute="_compute_value")

    @api.depends("line_ids.value")
    def _compute_value(self):
        for wizard in self:
            wizard.value = sum(wizard.line_ids.mapped("value"))

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._fill()
        return wizards

    def _fill(self):
        """A line per product with a quantity to book."""
        values = []
        for warehouse in self.account_id._afn_warehouses().with_company(self.company_id):
            balance = warehouse._fba_weigh(self.counted_at)
            self.product_count += len(balance.products)
            self.unknown_count += (
                self.env["fba.sku"]
                .sudo()
                .search_count([("warehouse_id", "=", warehouse.id), ("product_id", "=", False)])
            )
            for product, rows in balance.skus.grouped("product_id").items():
                difference, counted = balance.differences[product], balance.amazon_total(product)
                if not product.uom_id.is_zero(difference):
                    values.append(
                        {
                            "wizard_id": self.id,
                            "warehouse_id": warehouse.id,
                            "product_id": product.id,
                            "seller_skus": ", ".join(rows.mapped("seller_sku")),
                            "odoo_quantity": counted + difference,
                            "amazon_quantity": counted,
                            "difference": -difference,
                            "value": -difference * product.standard_price,
                        }
                    )
        self.env["fba.first.sync.wizard.line"].create(values)

    def _is_as_shown(self):
        """Whether the quantities to book are still the ones shown: Amazon or Odoo may have moved units since."""
        shown = {(line.warehouse_id.id, line.product_id): line.difference for line in self.line_ids}
        for warehouse in self.account_id._afn_warehouses().with_company(self.company_id):
            for product, difference in warehouse._fba_weigh(self.counted_at).differences.items():
                if product.uom_id.compare(shown.get((warehouse.id, product), 0.0), -difference):
                    return False
        return True

    def action_confirm(self):
        """Book the differences shown; from now on Odoo synchronizes stock automatically."""
        self.ensure_one()
        account = self.account_id
        account._check_may_sync()
        if fields.Datetime.now() - self.counted_at > GOOD_FOR:
            raise UserError(self.env._("Amazon's counts are more than an hour old. Close this window and count again."))
        if not self._is_as_shown():
            raise UserError(self.env._("Stock has changed since you opened this window. Close it and count again."))
        account.sudo().write(
            {
                "first_sync_confirmed": True,
                "inventory_cursor": self.counted_at,
                "inventory_full_at": self.counted_at,
            }
        )
        for warehouse in account._afn_warehouses():
            warehouse._fba_balance(self.counted_at, confirmed=True)
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {**action, "domain": [("warehouse_id", "in", account._afn_warehouses().ids)]}


class FbaFirstSyncWizardLine(models.TransientModel):
    _name = "fba.first.sync.wizard.line"
    _description = "Difference Before the First Synchronization"
    _order = "warehouse_id, id"

    wizard_id = fields.Many2one("fba.first.sync.wizard", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", "AFN Warehouse")
    product_id = fields.Many2one("product.product")
    seller_skus = fields.Char("Seller SKU")
    odoo_quantity = fields.Float("Odoo", digits="Product Unit")
    amazon_quantity = fields.Float("Amazon", digits="Product Unit")
    difference = fields.Float("To Book", digits="Product Unit")
    value = fields.Monetary()
