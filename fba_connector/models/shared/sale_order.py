"""Activities and messages on a sale order: the user in charge, and the reason, in that user's language."""

from markupsafe import Markup
from odoo import models
from odoo.tools import html2plaintext

from .groups import USER
from .reader import as_reader, in_charge, post
from .sentence import in_words


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _fba_alert(self, message, kind):
        """An activity of `kind` with `message` (see in_words) for the salesperson; without one, for an FBA User.

        One of a `kind` for each order: an open one takes further messages.
        """
        responsible = self._fba_responsible()
        order = as_reader(self, responsible)
        kind_of_activity = order.env.ref(kind)
        note = Markup("<p>%s</p>") % in_words(order, message)
        if activity := order.activity_ids.filtered(lambda it: it.activity_type_id == kind_of_activity)[:1]:
            written = activity.note or Markup()
            if html2plaintext(note) not in html2plaintext(written):
                activity.note = written + note
            return
        order.activity_schedule(kind, summary=kind_of_activity.name, note=note, user_id=responsible.id)

    def _fba_post(self, message):
        """`message` (see in_words) in the chatter of each of these orders, in the language of the user in charge."""
        for order in self:
            post(order, order._fba_responsible(), message)

    def _fba_responsible(self):
        if self.user_id.active:
            return self.user_id
        return in_charge(self.env, self.company_id, USER)
