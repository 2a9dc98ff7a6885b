"""Merged contacts: those that the add-on made stand for buyers on Amazon only."""

from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """The company's own customer is not forgotten like a buyer on Amazon whose contact is merged into theirs.

        Raises UserError for a contact that stands for all buyers of a marketplace and one that does not.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        everybody = self.env["fba.marketplace"].sudo().search([("customer_id", "in", partners.ids)]).customer_id
        if everybody and partners.sudo() - everybody:
            raise UserError(
                self.env._(
                    "%s stands for all buyers on an Amazon marketplace. It cannot be merged with a customer: Odoo "
                    "would book the buyers' orders to that customer.",
                    ", ".join(everybody.mapped("name")),
                )
            )
        are_buyers = all(partners.sudo().mapped("fba_buyer_key"))
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        if not are_buyers:
            partners.sudo().exists().filtered("fba_buyer_key").fba_buyer_key = False
        return result
