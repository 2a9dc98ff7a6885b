"""Deletion of the personal data of fulfillment orders that need it no more."""

from odoo import fields, models


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    people_forgotten = fields.Boolean(readonly=True, copy=False)

    _to_forget_index = models.Index("(account_id, submitted_at) WHERE people_forgotten IS NOT TRUE")

    def _forget_people(self):
        """For ended orders: delete the text of confirmations, the addresses Amazon notified, and the customers'
        comments on returns. The delivery and its contact are the company's own, and stay."""
        confirmations = self.shipment_ids.mail_message_id
        self.shipment_ids._settle_mail()
        text = self.env._("The shipment was confirmed to the customer. Odoo no longer keeps the text.")
        mails = self.env["mail.mail"].search([("mail_message_id", "in", confirmations.ids)])
        mails.filtered(lambda mail: mail.state in ("outgoing", "exception")).state = "cancel"
        mails.write({"body_html": text, "email_to": False, "headers": False})
        confirmations.notification_ids.unlink()
        confirmations.write({"body": text})
        self.return_item_ids.write({"comment": False})
        self.write({"notification_emails": False, "people_forgotten": True})

    def _prepare_return_item(self, snapshot):
        """Amazon repeats the customer's comment with each answer: Odoo must not store it again."""
        values = super()._prepare_return_item(snapshot)
        return {**values, "comment": False} if self.people_forgotten else values
