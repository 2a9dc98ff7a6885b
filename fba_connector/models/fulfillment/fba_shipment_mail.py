"""The shipping confirmation: one e-mail for each shipment, in a separate step after the booking is committed.

    due --written--> queued --sent by Odoo--> sent
    due --no address--> skipped;  due --cannot be written--> failed
    queued --refused, bounced--> failed;  queued --cancelled among Odoo's e-mails--> skipped
    failed, skipped --sent again--> queued

What becomes of a written e-mail is read from Odoo's notification of the customer: nothing is written while Odoo sends,
so that no conflict of ours can undo the note that a mail has left, and have it sent twice.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...amazon import outbound
from ..shared.sentence import SentenceField, say

_logger = logging.getLogger(__name__)

TEMPLATE = "fba_connector.mail_template_shipment"
LAYOUT = "fba_connector.mail_layout_shipment"
MAIL_ACTIVITY = "fba_connector.mail_activity_type_mail"
WAIT_FOR_TRACKING = timedelta(hours=24)  # numbers come late; a mail without any is better than none
MAY_BOUNCE = timedelta(days=30)
STATES = [("due", "To Be Sent"), ("sent", "Sent"), ("failed", "Failed"), ("skipped", "Not Sent")]
NOT_DELIVERED = ("exception", "bounce")
DELIVERED = ("sent", "pending")


class FbaShipment(models.Model):
    _inherit = "fba.shipment"

    mail_stage = fields.Selection(
        [*STATES, ("written", "Written")],
        "Stage of the Confirmation",
        readonly=True,
        copy=False,
        help="What Odoo knows without its outgoing e-mails.",
    )
    mail_note = SentenceField("Note of the Stage", readonly=True, copy=False)
    mail_failure_told = fields.Boolean(readonly=True, copy=False, help="The salesperson knows of the failure.")
    mail_message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null", index="btree_not_null")
    mail_state = fields.Selection(
        [*STATES, ("queued", "Queued")],
        "Confirmation",
        compute="_compute_mail_state",
        compute_sudo=True,
        search="_search_mail_state",
        help="The e-mail that notifies the customer of this shipment.",
    )
    mail_error = SentenceField(
        compute="_compute_mail_state", compute_sudo=True, help="Reason why the e-mail was not sent."
    )

    _mail_to_follow_index = models.Index("(fulfillment_order_id) WHERE mail_stage IN ('due', 'written')")

    # === STATE === #

    @api.depends(
        "mail_stage",
        "mail_note",
        "mail_message_id.notification_ids.notification_status",
        "mail_message_id.notification_ids.mail_mail_id.state",
    )
    def _compute_mail_state(self):
        for shipment in self:
            if shipment.mail_stage == "written":
                shipment.mail_state, shipment.mail_error = shipment._mail_outcome()
            else:
                shipment.mail_state, shipment.mail_error = shipment.mail_stage, shipment.mail_note

    def _mail_outcome(self):
        """(state, reason) of a written e-mail: whether the customer got it."""
        told = self._addressed(self.mail_message_id)
        waiting = told.filtered(lambda it: it.mail_mail_id.state == "outgoing")
        for notification in told - waiting:
            if notification.notification_status in NOT_DELIVERED:
                return "failed", self._reason_of(notification)
        if not told:
            return "failed", say("mail_lost", shipment=self.amazon_shipment_id)
        unsent = told.filtered(lambda it: it.notification_status not in DELIVERED)
        if unsent - waiting:
            return "skipped", say("mail_cancelled", shipment=self.amazon_shipment_id)
        # Odoo's own tests send nothing, and take what they were given for sent.
        return "queued" if unsent and not self.env["ir.mail_server"]._disable_send() else "sent", False

    def _addressed(self, message):
        """Notifications of those whom the template names, else of anybody outside; followers do not count."""
        named = message.partner_ids
        return message.notification_ids.filtered(
            lambda it: it.res_partner_id in named if named else not it.res_partner_id or it.res_partner_id.partner_share
        )

    def _reason_of(self, notification):
        return say(
            "not_delivered",
            shipment=self.amazon_shipment_id,
            kind=notification.failure_type or "unknown",
            detail=notification.failure_reason or notification.mail_mail_id.failure_reason or "",
        )

    def _search_mail_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        written = Domain("mail_stage", "=", "written")
        unsent = self.sudo().search(written & Domain(self._unsent_domain()))
        found = Domain("mail_stage", "in", [state for state in value if state != "queued"])
        if "sent" in value:
            found |= written & Domain("id", "not in", unsent.ids)
        return found | Domain("id", "in", unsent.filtered(lambda it: it.mail_state in value).ids)

    def _unsent_domain(self):
        """Written e-mails of which Odoo does not say that everybody got them."""
        path = "mail_message_id.notification_ids"
        others = [status for status in self._statuses() if status not in DELIVERED]
        return ["|", (f"{path}.notification_status", "in", others), (path, "=", False)]

    def _statuses(self):
        return self.env["mail.notification"]._fields["notification_status"].get_values(self.env)

    # === SENDING === #

    def _ask_for_mail(self):
        """For the booking, in the same transaction: each booked shipment gets its e-mail, once."""
        for shipment in self:
            if shipment.fulfillment_order_id.account_id.send_shipment_email:
                shipment.mail_stage = "due"

    def _mail_is_due(self):
        """Whether there is nothing left to wait for."""
        if self.mail_stage != "due" or self.status != outbound.SHIPPED:
            return False
        since = fields.Datetime.now() - (self.shipped_at or self.create_date)
        return self._is_tracked() or since > WAIT_FOR_TRACKING

    def _send_mails(self, now=False):
        """Write the e-mails and mark them, in one transaction; Odoo sends them after the commit.

        A template that cannot be rendered leaves only a visible failure. `now`: also before its time, and again if it
        was not delivered; an e-mail that waits among Odoo's is sent at once, and never written twice.
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        for shipment in locked if now else locked.filtered(lambda it: it._mail_is_due()):
            shipment._send_mail()

    def _send_mail(self):
        """Of this shipment, which is locked."""
        if self.mail_state == "queued":
            self.mail_message_id.notification_ids.mail_mail_id.send_after_commit()
            return
        partner = self.picking_id.partner_id
        if not (partner.email or partner.parent_id.email):
            self.write({"mail_stage": "skipped", "mail_note": say("no_address", partner=partner.name)})
            return
        try:
            with self.env.cr.savepoint():
                self._withdraw_mail()
                message = self._write_mail().id
                self.write({"mail_stage": "written", "mail_note": False, "mail_message_id": message})
        except Exception as error:
            _logger.exception("FBA shipment %s: no confirmation", self.id)
            while error.__cause__:  # Odoo's own words would show the whole traceback
                error = error.__cause__
            self._set_mail_failed(str(error))

    def _write_mail(self):
        """The message of the confirmation. Raises UserError where the template names nobody."""
        # The salesperson may be the customer, too, else left out as the author; and need not follow each delivery.
        picking = self.picking_id.with_context(mail_notify_author_mention=True, mail_post_autofollow_author_skip=True)
        template, sender = self.env.ref(TEMPLATE), picking._fba_sender()
        message = picking.message_post_with_source(
            template,
            email_layout_xmlid=LAYOUT,
            subtype_xmlid="mail.mt_comment",
            # Templates of companies may have no sender: it would be OdooBot.
            **{name: sender for name in ("email_from", "reply_to") if sender and not template[name]},
        )
        if not self._addressed(message):
            raise UserError(self.env._("The e-mail template has no recipient"))
        return message

    def _withdraw_mail(self):
        """The earlier e-mail was not delivered: nobody may send it beside the new one."""
        notifications = self.mail_message_id.notification_ids
        notifications.mail_mail_id.filtered(lambda mail: mail.state != "sent").cancel()
        notifications.filtered(lambda it: it.notification_status not in DELIVERED).notification_status = "canceled"

    def _set_mail_failed(self, reason):
        self.write(
            {"mail_stage": "failed", "mail_note": say("not_notified", shipment=self.amazon_shipment_id, reason=reason)}
        )
        self._tell_mail_failure()

    def _note_failure(self, error):
        """For the scheduled action: a failure before the first try."""
        if self.mail_stage == "due":
            self._set_mail_failed(error)

    def action_send_mail(self):
        """Send the confirmation, or send it again after a failure.

        Raises UserError where there is nothing to confirm, or the customer has it already.
        """
        self.fulfillment_order_id._check_may_send()
        for shipment in self.sudo():
            if not shipment.picking_id:
                raise UserError(self.env._("Shipment %s has not left yet.", shipment.amazon_shipment_id))
            if shipment.mail_state == "sent":
                raise UserError(
                    self.env._("The customer was already notified of shipment %s.", shipment.amazon_shipment_id)
                )
            shipment._send_mails(now=True)
        return True

    # === AFTERWARDS === #

    def _tell_mail_failure(self):
        """Tell the salesperson of a failure, once; and end the activity when the customer has the e-mail after all."""
        self.ensure_one()
        if self.mail_state != "failed":
            self.mail_failure_told = False
            if "failed" not in self.sale_id.fba_shipment_ids.mapped("mail_state"):
                self.sale_id.activity_unlink([MAIL_ACTIVITY])
        elif not self.mail_failure_told:
            self.mail_failure_told = True
            self.sale_id._fba_post(self.mail_error)
            self.sale_id._fba_alert(self.mail_error, MAIL_ACTIVITY)

    def _settle_mail(self):
        """Keep the outcome as it is now, without Odoo's e-mails."""
        for shipment in self.filtered(lambda it: it.mail_stage == "written"):
            state = shipment.mail_state
            shipment.write({"mail_stage": "skipped" if state == "queued" else state, "mail_note": False})

    @api.autovacuum
    def _gc_sent_mails(self):
        """After its time to bounce, a confirmation is sent for good: Odoo deletes old notifications."""
        old = fields.Datetime.now() - MAY_BOUNCE
        self.search(
            [("mail_stage", "=", "written"), ("mail_message_id.date", "<", old), ("mail_state", "=", "sent")],
            limit=GC_UNLINK_LIMIT,
        )._settle_mail()
