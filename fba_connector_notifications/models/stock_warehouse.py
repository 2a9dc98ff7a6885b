"""While notifications are fresh, Amazon is asked for the SKUs that they name, and not for its list."""

from odoo import models
from odoo.addons.fba_connector.amazon import notifications


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_read_counts(self, gateway, *, full):
        account = self.fba_account_id
        notices = self.env["fba.notice"].sudo()._due(account, notifications.STOCK)
        if full or not self.fba_inventory_cursor or self.env.context.get("fba_polls", True):
            asked = super()._fba_read_counts(gateway, full=full)
        else:
            names = [*notices.mapped("key"), *self._fba_skus_to_ask(set(), full=False)]
            asked, _answered, _is_whole = self._fba_ask_by_name(gateway, list(dict.fromkeys(names)), full=False)
        notices.unlink()
        return asked
