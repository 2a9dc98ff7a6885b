"""Seller SKUs confirmed by the list: many at once, as what they were matched with."""

from odoo import models
from odoo.exceptions import AccessError

from ..shared.groups import MANAGER

MOST_REASONS = 5  # in one notification


class FbaSku(models.Model):
    _inherit = "fba.sku"

    def action_confirm_matches(self):
        """Confirm those of these SKUs that are matched with something countable; a notification says how many, and why
        not the others. The next two synchronizations book their stock. Raises AccessError."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may confirm seller SKUs."))
        self.check_access("write")
        known = self.filtered("is_confirmed")
        self.sudo()._find_products()  # with products that are new since the last synchronization
        resolutions = self._resolve()
        matched = self.filtered(lambda row: row.product_id and resolutions[row].is_usable)
        (matched - known)._confirm()
        lines = []
        if confirmed := matched - known:
            lines.append(
                self.env._("1 SKU confirmed.")
                if len(confirmed) == 1
                else self.env._("%s SKUs confirmed.", len(confirmed))
            )
            lines.append(self.env._("The next two synchronizations book their stock."))
        if both := matched & known:
            lines.append(self.env._("%s already confirmed.", len(both)))
        others = self - matched
        lines += [f"{row.seller_sku}: {resolutions[row].note.in_words(row)}" for row in others[:MOST_REASONS]]
        if len(others) > MOST_REASONS:
            lines.append(self.env._("%s more cannot be confirmed: see Reason.", len(others) - MOST_REASONS))
        kind = "warning" if others else "success"
        return self.env["fba.account"]._notification(kind, " ".join(lines))
