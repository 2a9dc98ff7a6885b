"""Accounts with the same keys: they share a seller, and each marketplace should be served by one of them."""

from odoo import api, fields, models

from ..shared.groups import MANAGER


class FbaAccount(models.Model):
    _inherit = "fba.account"

    overlap_message = fields.Char(compute="_compute_overlap_message", groups=MANAGER)

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

    @api.depends("active", "environment", "api_endpoint", "keys_prefix", "marketplace_ids")
    @api.depends_context("uid")
    def _compute_overlap_message(self):
        """Where two accounts book the same orders and count the same stock. No refusal: which of them is right, and
        when it takes over, is a person's decision."""
        for account in self:
            others = account._with_same_keys() if account.active else account.browse()
            overlaps = ((other, account._served() & other._served()) for other in others)
            message = next((account._overlap_with(other, markets) for other, markets in overlaps if markets), False)
            account.overlap_message = message

    def _overlap_with(self, other, markets):
        """Names of another company's account are none of this user's business."""
        markets = ", ".join(markets.mapped("display_name"))
        if other.company_id in self.env.user.company_ids:
            return self.env._(
                'Account "%(other)s" has the same keys, and both serve %(markets)s: Odoo counts stock twice, and '
                "each order belongs to whichever account comes first. Let one of them serve it, with its AFN "
                "warehouse: remove it from the other, or archive that one.",
                other=other.name,
                markets=markets,
            )
        return self.env._(
            "An account of another company has the same keys, and both serve %(markets)s: Odoo counts its stock twice, "
            "and each order belongs to whichever account comes first. Remove it here, or ask an FBA Administrator of "
            "that company to remove it there.",
            markets=markets,
        )
