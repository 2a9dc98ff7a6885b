"""Buttons of the inbox: import now, try again with a result, ask an administrator."""

from datetime import timedelta

from odoo import models

from ..shared.ties import in_short

REPLAYED_AT_ONCE = 100  # while a person waits; the scheduled action does the rest
MOST_REASONS = 3  # in one notification


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def action_import_now(self):
        """Import the orders of all accounts of the user's companies now, in the background. Raises AccessError."""
        accounts = self.env["fba.account"].search([("company_id", "in", self.env.companies.ids)])
        return accounts.action_import_now()

    def action_replay(self):
        """Try failed and waiting orders again, now; beyond a hundred, in the background. A notification says what has
        become of them. Raises AccessError."""
        self._check_may_import()
        again = self.sudo().filtered(lambda row: row.state in ("error", "pending"))
        again.is_due = True
        now, later = again[:REPLAYED_AT_ONCE], again[REPLAYED_AT_ONCE:]
        now._process()
        if later:
            later.account_id._trigger_again("import", timedelta())
        return self.browse(now.ids)._notify_replayed(len(later))

    def _notify_replayed(self, later):
        """A notification on what has become of these orders, which Odoo has just tried again, and of `later` more."""
        imported = self.filtered("sale_id")
        lines = []
        if imported:
            lines.append(
                self.env._(
                    "%(order)s is imported as %(sale)s.",
                    order=imported.amazon_order_id,
                    sale=imported.sudo().sale_id.name,
                )
                if len(imported) == 1
                else self.env._("%s orders are imported.", len(imported))
            )
        stuck = self.filtered(lambda row: row.state in ("error", "pending"))
        lines += [
            self.env._("%(order)s still waits: %(reason)s", order=row.amazon_order_id, reason=row.error_message or "")
            for row in stuck[:MOST_REASONS]
        ]
        if len(stuck) > MOST_REASONS:
            lines.append(self.env._("%s more still wait, each for the reason in its row.", len(stuck) - MOST_REASONS))
        if ignored := self.filtered(lambda row: row.state == "ignored"):
            lines.append(self.env._("Not imported: %s.", in_short(self.env, ignored.mapped("amazon_order_id"))))
        if later:
            lines.append(self.env._("Odoo tries %s more in the background.", later))
        if not lines:
            lines.append(self.env._("None of these orders waits for anything."))
        return self.env["fba.account"]._notification("warning" if stuck or not self else "success", " ".join(lines))

    def action_ask_to_import(self):
        """Ask the administrators to do what this order waits for. Raises AccessError, UserError."""
        self.ensure_one()
        self.check_access("read")
        account = self.account_id
        return account._notify_asked(account._ask_administrators(self._request_subject(), self._reason_in_words, self))

    def _request_subject(self):
        """The subject of a request about this order: the unknown SKU, which other orders may wait for, too."""
        if sku := self.missing_sku:
            return self.env["fba.sku"]._mapping_request(sku)
        return lambda env: env._("Amazon order %s", self.amazon_order_id)

    def _reason_in_words(self, env):
        """What keeps this order from being imported, in the language of `env`."""
        return self.sudo().with_env(env(su=True)).error_message or env._("Please have a look at this order.")
