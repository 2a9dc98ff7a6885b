"""Accounts with the same keys: they share a seller, and each marketplace is served by one of them."""

from odoo import api, models
from odoo.exceptions import ValidationError


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _seller(self):
        """Equal for accounts that reach the same seller by the same authorization; False without keys."""
        place = self.environment == "custom" and self._key("api_endpoint")
        token = self._key("refresh_token")
        return token and (self.environment, place, token)

    def _with_same_keys(self):
        """The other accounts, of any company, that reach this account's seller."""
        self.ensure_one()
        seller = self._seller()
        others = self.sudo().search([("id", "!=", self.id)]) if seller else self.browse()
        return others.filtered(lambda other: other._seller() == seller)

    def _served(self):
        """Hook: the marketplaces whose orders and stock these accounts book."""
        return self.marketplace_ids

    # The keys are saved last: of a new account, once its other fields have been checked already.
    @api.constrains("refresh_token")
    def _check_overlap_of_keys(self):
        self._check_overlap()

    @api.constrains("active", "environment", "api_endpoint", "keys_prefix", "marketplace_ids")
    def _check_overlap(self):
        """Raises ValidationError where two accounts would book the same orders and count the same stock."""
        for account in self.sudo().filtered("active"):
            for other in account._with_same_keys():
                if markets := account._served() & other._served():
                    raise ValidationError(account.with_env(self.env)._overlap_message(other, markets))

    def _overlap_message(self, other, markets):
        """Names of another company's account are none of this user's business."""
        markets = ", ".join(markets.mapped("display_name"))
        if other.company_id in self.env.user.company_ids:
            return self.env._(
                'Accounts "%(account)s" and "%(other)s" have the same keys, and both would serve %(markets)s: Odoo '
                "would book each order and count all stock twice. Let one of them serve it, with its AFN warehouse: "
                "remove it from the other, or archive that one.",
                account=self.name,
                other=other.name,
                markets=markets,
            )
        return self.env._(
            'An account of another company has the same keys as account "%(account)s" and serves %(markets)s already: '
            "Odoo would book each order and count all stock twice. Remove it here, or ask an FBA Administrator of that "
            "company to remove it there.",
            account=self.name,
            markets=markets,
        )
