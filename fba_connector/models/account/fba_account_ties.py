"""What ties an account to its company and to its place at Amazon: it cannot be archived, moved or deleted under it."""

from odoo import api, models
from odoo.exceptions import UserError

from .access import PLACE


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _ties(self, *, ended=False, marketplaces=None):
        """Hook: [words for a user], the records that still need this account as it is; those of `marketplaces`, if
        given. `ended`: also those that need it for its history."""
        return []

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if before.get("active") and not self.active:
            self._check_untied(
                self._ties(),
                self.env._(
                    "Let them end or cancel them before you archive it. To stop all calls to Amazon now, pause it."
                ),
            )
        if "company_id" in before:
            self._check_untied(
                self._ties(ended=True),
                self.env._("It cannot move to another company. Create an account there instead."),
            )
        if before.keys() & set(PLACE):
            self._check_untied(
                self._ties(),
                self.env._("Let them end or cancel them before you change its region or environment."),
            )
        if removed := before.get("marketplace_ids", self.marketplace_ids) - self.marketplace_ids:
            self._check_untied(
                self._ties(marketplaces=removed),
                self.env._(
                    "Let them end or cancel them before you remove %s.", ", ".join(removed.mapped("display_name"))
                ),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_tied(self):
        for account in self:
            account._check_untied(account._ties(ended=True), self.env._("It cannot be deleted. Archive it instead."))

    def _check_untied(self, ties, remedy):
        """Raises UserError where there are `ties`."""
        if ties:
            raise UserError(
                self.env._(
                    'Account "%(account)s" still has %(records)s. %(remedy)s',
                    account=self.name,
                    records="; ".join(ties),
                    remedy=remedy,
                )
            )
