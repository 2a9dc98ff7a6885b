"""The previews of one or several orders, side by side."""

from odoo import api, fields, models


class FbaPreviewWizard(models.TransientModel):
    _name = "fba.preview.wizard"
    _description = "Preview Fulfillment"

    order_ids = fields.Many2many("fba.fulfillment.order", readonly=True)
    preview_ids = fields.Many2many("fba.preview", compute="_compute_previews")
    count = fields.Integer(compute="_compute_previews")
    waiting_count = fields.Integer(compute="_compute_previews")
    errors = fields.Text(compute="_compute_previews")
    previewed_at = fields.Datetime(compute="_compute_previews", help="Time of the oldest preview.")

    @api.depends("order_ids")
    def _compute_previews(self):
        for wizard in self:
            waiting = wizard.order_ids.filtered("preview_is_due")
            there = wizard.order_ids - waiting
            wizard.preview_ids = there.preview_ids
            wizard.count = len(wizard.order_ids)
            wizard.waiting_count = len(waiting)
            wizard.errors = "\n".join(filter(None, wizard.order_ids.mapped("preview_error"))) or False
            wizard.previewed_at = min(filter(None, there.mapped("previewed_at")), default=False)

    def action_reload(self):
        """Show the previews received since."""
        self.check_access("read")
        return self.env["fba.preview"]._show_in(self)

    def action_preview_again(self):
        """Request the previews from Amazon again."""
        return self.order_ids.action_preview()
