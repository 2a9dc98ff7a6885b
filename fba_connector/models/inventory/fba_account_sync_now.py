"""Synchronization on demand: the scheduled one, started now in the background by a clerk."""

from odoo import models
from odoo.exceptions import AccessError

from ..shared.groups import USER


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def action_sync_inventory(self):
        """Synchronize now, in the background. Raises AccessError."""
        self.ensure_one()
        return self._synchronize_now()

    def _synchronize_now(self):
        """Start the scheduled synchronization for those of these accounts that are ready; a notification names them,
        and says why the others are not.

        It books what it would book within half an hour, so it needs no administrator. Raises AccessError.
        """
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only FBA Users may synchronize stock."))
        self.check_access("read")
        reasons = {account: account._not_synchronized_reason() for account in self}
        ready = self.filtered(lambda account: not reasons[account])
        lines = [reason for reason in reasons.values() if reason]
        if ready:
            self.env.ref("fba_connector.ir_cron_sync_inventory").sudo()._trigger()
            started = self.env._(
                "Odoo is synchronizing the stock of %s with Amazon. Reload the list in a minute.",
                ", ".join(ready.mapped("name")),
            )
            lines.insert(0, started)
        elif not self:
            lines.append(self.env._("There is no Amazon account in your companies. An FBA Administrator can add one."))
        return self._notification("success" if len(ready) == len(self) and self else "warning", " ".join(lines))

    def _not_synchronized_reason(self):
        """Why the stock of this account is not synchronized, and who can change that; False where it is."""
        if not self.active or self.paused:
            return self.env._('Account "%s" is paused or archived.', self.name)
        if not self.is_live:
            return self.env._('Account "%s" is not live yet: an FBA Administrator has to finish its guide.', self.name)
        if not self.sync_inventory:
            return self.env._(
                'Account "%s" does not synchronize stock: an FBA Administrator can switch it on.', self.name
            )
        if not self.first_sync_confirmed:
            return self.env._(
                'Account "%s" waits for its first synchronization: an FBA Administrator starts and confirms it.',
                self.name,
            )
        return False
