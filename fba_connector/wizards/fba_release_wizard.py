"""Confirmation before a release: the quantity to release."""

from odoo import api, fields, models


class FbaReleaseWizard(models.TransientModel):
    _name = "fba.release.wizard"
    _description = "Release an Assignment"

    move_id = fields.Many2one("stock.move", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    uom_id = fields.Many2one(related="product_id.uom_id")
    warehouse_id = fields.Many2one(related="move_id.picking_type_id.warehouse_id")
    is_kit = fields.Boolean(compute="_compute_is_kit", compute_sudo=True)
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, digits="Product Unit", string="Release"
    )

    @api.depends("move_id")
    def _compute_is_kit(self):
        for wizard in self:
            wizard.is_kit = bool(wizard.move_id.sale_line_id._fba_kit())

    @api.depends("move_id")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.move_id.product_qty

    def action_confirm(self):
        """Raises UserError if the quantity is zero or too high, or was sent to Amazon in the meantime."""
        self.ensure_one()
        self.move_id.action_fba_release(None if self.is_kit else self.quantity)
        return {"type": "ir.actions.act_window_close"}
