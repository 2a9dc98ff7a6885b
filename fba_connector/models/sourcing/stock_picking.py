"""Own deliveries that another source emptied: they were only a plan."""

from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _fba_drop_emptied(self):
        """Remove those that became empty, unless somebody has done something with them."""
        emptied = self.exists().filtered(lambda picking: picking.state == "cancel" and not picking._fba_is_touched())
        emptied.unlink()

    def _fba_is_touched(self):
        """Whether somebody printed, labeled, signed, returned, split or discussed it."""
        self.ensure_one()
        return bool(
            self.printed
            or self.carrier_tracking_ref
            or self.signature
            or self.backorder_id
            or self.backorder_ids
            or self.return_ids
            or self.activity_ids
            or self.note
            or self.user_id
            or ("batch_id" in self._fields and self.batch_id)
            or self.message_attachment_count
            or self.message_ids.filtered(lambda message: message.message_type in ("comment", "email", "email_outgoing"))
        )
