"""Resolves units without a source: from another warehouse, from Amazon again, or dropped."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class FbaResolveWizard(models.TransientModel):
    _name = "fba.resolve.wizard"
    _description = "Resolve an Amazon Order Exception"

    sale_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    message = fields.Char(related="sale_id.fba_message")
    line_ids = fields.One2many("fba.resolve.wizard.line", "wizard_id", "Without Source")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        sale = self.env["sale.order"].browse(values.get("sale_id"))
        sale.check_access("read")
        values["line_ids"] = [
            Command.create(
                {
                    "sale_line_id": line.id,
                    "warehouse_id": self.env["fba.resolve.wizard.line"]._own_warehouses(sale)[:1].id,
                }
            )
            for line in sale.order_line.filtered("fba_unsourced_qty")
        ]
        return values

    def action_confirm(self):
        """Carry out the choice of each line; the exception ends with the last of them. Raises UserError: why not."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("All units of %s have a source.", self.sale_id.name))
        for choice, rows in self.line_ids.grouped("choice").items():
            getattr(rows, f"_resolve_by_{choice}")()
        return {"type": "ir.actions.act_window_close"}


class FbaResolveWizardLine(models.TransientModel):
    _name = "fba.resolve.wizard.line"
    _description = "Quantity without Source"

    wizard_id = fields.Many2one("fba.resolve.wizard", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="sale_line_id.company_id")
    sale_line_id = fields.Many2one("sale.order.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="sale_line_id.product_id")
    quantity = fields.Float(related="sale_line_id.fba_unsourced_qty")
    free = fields.Char(related="sale_line_id.fba_free")
    choice = fields.Selection(
        [("own", "From another warehouse"), ("amazon", "From Amazon again"), ("drop", "Drop from the order")],
        "Next Step",
        default="own",
        required=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", domain="[('company_id', '=', company_id), ('is_afn', '=', False)]"
    )

    @api.model
    def _own_warehouses(self, sale):
        """The order's own warehouse first."""
        domain = [("company_id", "=", sale.company_id.id), ("is_afn", "=", False)]
        return self.env["stock.warehouse"].search(domain).sorted(lambda warehouse: warehouse != sale.warehouse_id)

    def _resolve_by_own(self):
        for warehouse, rows in self.grouped("warehouse_id").items():
            rows.sale_line_id._fba_source_from_own(warehouse)

    def _resolve_by_amazon(self):
        self.sale_line_id.action_fba_source()

    def _resolve_by_drop(self):
        for line in self.sale_line_id:
            dropped = line.fba_unsourced_qty
            if line.sudo()._fba_kit():
                line.product_uom_qty -= dropped  # what waits of the incomplete kits goes, too
                continue
            # Nothing else is given up: after a return, Odoo would count less on its way than there is.
            line.with_context(skip_procurement=True).product_uom_qty -= dropped
            line.sudo().fba_unsourced_product_qty = 0
            line.sudo()._fba_after_sourcing()
