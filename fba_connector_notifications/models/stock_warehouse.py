"""While notifications are fresh, Amazon is asked for the SKUs that they name, and not for its list."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_read_counts(self, gateway, *, full):
        if full or not self.fba_inventory_cursor or self.env.context.get("fba_polls", True):
            return super()._fba_read_counts(gateway, full=full)
        names = [*self.env.context["fba_named"], *self._fba_skus_to_ask(set(), full=False)]
        if not names:
            return None
        asked, _answered, _is_whole = self._fba_ask_by_name(gateway, list(dict.fromkeys(names)), full=False)
        return asked

    def _fba_list_counts(self, gateway, since):
        summaries = super()._fba_list_counts(gateway, since)
        if since:
            self.fba_account_id._counts_were_listed(self, summaries)
        return summaries
