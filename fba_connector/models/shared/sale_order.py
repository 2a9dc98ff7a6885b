"""Activities on a sale order: the user in charge, and the reason."""

from markupsafe import Markup
from odoo import models
from odoo.tools import html2plaintext

from .groups import USER


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _fba_alert(self, message, kind):
        """An activity of `kind` for the salesperson; without one, for an FBA User.

        One of a `kind` for each order: an open one takes further messages.
        """
        kind_of_activity = self.env.ref(kind)
        note = Markup("<p>%s</p>") % message
        if activity := self.activity_ids.filtered(lambda it: it.activity_type_id == kind_of_activity)[:1]:
            written = activity.note or Markup()
            if html2plaintext(note) not in html2plaintext(written):
                activity.note = written + note
            return
        responsible = self._fba_responsible()
        self.activity_schedule(kind, summary=kind_of_activity.name, note=note, user_id=responsible.id)

    def _fba_responsible(self):
        if self.user_id.active:
            return self.user_id
        senders = [
            ("all_group_ids", "in", self.env.ref(USER).id),
            ("company_ids", "in", self.company_id.id),
        ]
        return self.env["res.users"].search(senders, order="id", limit=1) or self.env.user
