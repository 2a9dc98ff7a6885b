"""Import on demand: the scheduled one, started now in the background by a clerk."""

from datetime import timedelta

from odoo import models

AGAIN_AFTER = timedelta(seconds=15)


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def action_import_now(self):
        """Import these accounts' new and changed orders now, in the background; a notification says of which accounts,
        and why not of the others. Raises AccessError."""
        return self._start_now(
            "import",
            {account: account._not_imported_reason() for account in self},
            lambda names: self.env._(
                "Odoo is importing the orders of %s from Amazon. Reload the list in a minute.", names
            ),
            self.env._("Only FBA Users may import orders."),
            again_after=AGAIN_AFTER,
        )

    def _not_imported_reason(self):
        """Why the orders of this account are not imported, and who can change that; False where they are."""
        if reason := self._reason_idle():
            return reason
        if not self.import_orders:
            return self.env._('Account "%s" does not import orders: an FBA Administrator can switch it on.', self.name)
        if not self.marketplace_ids:
            return self.env._('Account "%s" has no marketplaces: an FBA Administrator can choose them.', self.name)
        return False
