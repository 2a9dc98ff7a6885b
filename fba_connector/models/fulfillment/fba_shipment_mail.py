"""The shipping confirmation: one e-mail for each shipment, in a separate step after the booking is committed."""

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...amazon import outbound
from ..shared.sentence import SentenceField, say, words

_logger = logging.getLogger(__name__)

TEMPLATE = "fba_connector.mail_template_shipment"
WAIT_FOR_TRACKING = timedelta(hours=24)  # numbers come late; a mail without any is better than none


class FbaShipment(models.Model):
    _inherit = "fba.shipment"

    mail_state = fields.Selection(
        [("due", "To Be Sent"), ("sent", "Sent"), ("failed", "Failed"), ("skipped", "Not Sent")],
        "Confirmation",
        readonly=True,
        index="btree_not_null",
        help="The e-mail that notifies the customer of this shipment.",
    )
    mail_error = SentenceField(readonly=True, help="Reason why the e-mail was not sent.")
    mail_message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null", index="btree_not_null")

    def _ask_for_mail(self):
        """For the booking, in the same transaction: each booked shipment gets its e-mail, once."""
        for shipment in self:
            if shipment.fulfillment_order_id.account_id.send_shipment_email:
                shipment.mail_state = "due"

    def _mail_is_due(self):
        """Whether there is nothing left to wait for."""
        if self.mail_state != "due" or self.status != outbound.SHIPPED:
            return False
        since = fields.Datetime.now() - (self.shipped_at or self.create_date)
        return self._is_tracked() or since > WAIT_FOR_TRACKING

    def _send_mail(self, now=False):
        """Write the e-mail and mark it, in one transaction; Odoo sends it after the commit, and again if that fails.

        A template that cannot be rendered leaves only a visible failure.
        """
        shipment = self.try_lock_for_update(allow_referencing=True)
        if not shipment or not (now or shipment._mail_is_due()):
            return
        partner = shipment.picking_id.partner_id
        if not (partner.email or partner.parent_id.email):
            shipment.write({"mail_state": "skipped", "mail_error": say("no_address", partner=partner.name)})
            return
        try:
            with self.env.cr.savepoint():
                message = shipment.picking_id.message_post_with_source(
                    self.env.ref(TEMPLATE),
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_comment",
                )
                shipment.write({"mail_state": "sent", "mail_error": False, "mail_message_id": message.id})
        except Exception as error:
            _logger.exception("FBA shipment %s: no confirmation", shipment.id)
            while error.__cause__:  # Odoo's own words would show the whole traceback
                error = error.__cause__
            shipment._set_mail_failed(str(error))

    def _set_mail_failed(self, reason):
        message = words(self, "not_notified", shipment=self.amazon_shipment_id, reason=reason)
        self.write({"mail_state": "failed", "mail_error": message})
        self.sale_id._fba_post(message)

    def _note_failure(self, error):
        """For the scheduled action: a failure before the first try."""
        self._set_mail_failed(error)

    def action_send_mail(self):
        """Send the confirmation (again). Raises UserError where there is nothing to confirm, or it cannot be sent."""
        self.fulfillment_order_id._check_may_send()
        for shipment in self.sudo():
            if not shipment.picking_id:
                raise UserError(self.env._("Shipment %s has not left yet.", shipment.amazon_shipment_id))
            shipment._send_mail(now=True)
        return True
