"""The inbox: orders sold on Amazon, with Amazon's raw data and the outcome of each."""

from datetime import datetime

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ...utc import naive
from ..shared.changes import write_changed
from ..shared.groups import MANAGER, USER
from ..shared.sentence import Sentence, SentenceField, say
from .sentences import SENTENCES
from .states import OUTCOME_OF, OUTCOMES, STATES, TRANSITIONS

COMPUTED_OF_NEW = {"invoice_state": "none", "is_tracked": False, "rate_is_old": False}


class FbaAmazonOrder(models.Model):
    _name = "fba.amazon.order"
    _description = "Amazon Order"
    _inherit = ["fba.safe.export", "fba.work.item", "fba.stateful", "fba.money", "fba.empty.list"]
    _rec_name = "amazon_order_id"
    _order = "amazon_updated_at desc, id desc"
    _check_company_auto = True
    _transitions = TRANSITIONS
    _listed = ("fba.amazon.order", [])
    _unsettled = [("state", "=", "error")]
    _sentences = SENTENCES

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    amazon_order_id = fields.Char(required=True, readonly=True, index="trigram")
    amazon_updated_at = fields.Datetime("Updated at Amazon", readonly=True)
    amazon_status = fields.Char("Amazon's Status", readonly=True)
    payload = fields.Json(readonly=True, groups=MANAGER, exportable=False)
    content_key = fields.Char(
        readonly=True, copy=False, exportable=False, help="Tells versions of the order apart, see amazon/content.py."
    )
    has_personal_data = fields.Boolean(readonly=True, index=True)
    is_forgotten = fields.Boolean(
        "Buyer Forgotten", readonly=True, copy=False, help="Odoo deleted the buyer's data, and keeps none again."
    )
    state = fields.Selection(
        STATES,
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    is_due = fields.Boolean(
        default=True, readonly=True, index=True, help="New or changed at Amazon since Odoo last processed it."
    )
    error_message = SentenceField("Message", readonly=True)
    outcome = fields.Selection(OUTCOMES, "Reason", readonly=True, help="Why Odoo does not import the order.")
    missing_sku = fields.Char("Unknown SKU", readonly=True, index="btree_not_null")
    sale_id = fields.Many2one("sale.order", "Order #", readonly=True, ondelete="set null", index="btree_not_null")
    imported = fields.Json(
        "Imported Data", readonly=True, exportable=False, help="Amazon's data at the time of import."
    )

    marketplace_id = fields.Many2one("fba.marketplace", readonly=True)
    ordered_at = fields.Datetime("Ordered", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    items_html = fields.Html("Items", compute="_compute_items_html", compute_sudo=True, sanitize=False)
    shipped_item_ids = fields.One2many("fba.shipped.item", "amazon_id", "Shipped Items", readonly=True)

    # The ID first: those of other accounts are looked up, too, and the index for parts of an ID is slow for whole ones.
    _amazon_order_unique = models.Constraint(
        "UNIQUE(amazon_order_id, account_id)", "This Amazon order is already in the inbox."
    )

    _ordered_index = models.Index("(account_id, ordered_at)")  # also that of `account_id`
    _latest_index = models.Index("(amazon_updated_at DESC, id DESC)")  # as the list is sorted

    @api.depends("payload")
    def _compute_items_html(self):
        """The sold items, for a person to look at; empty where Amazon's answer is unreadable."""
        for row in self:
            items = [
                Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td></tr>")
                % (item.seller_sku or "", item.title or "", item.quantity_ordered)
                for item in row._read_items()
            ]
            head = Markup("<tr><th>%s</th><th>%s</th><th class='text-end'>%s</th></tr>") % (
                self.env._("Seller SKU"),
                self.env._("Title at Amazon"),
                self.env._("Ordered"),
            )
            row.items_html = (
                Markup("<table class='table table-sm o_fba_items'>%s%s</table>") % (head, Markup().join(items))
                if items
                else False
            )

    def _read_items(self):
        try:
            return amazon.parse_order(self.payload).items
        except amazon.Malformed:
            return ()

    @api.model
    def _stage(self, account, raw_orders):
        """Keep a page of orders (amazon.RawOrder) as received. Orders with new content or a later update become due;
        older versions than those that are here already are left out."""
        newest = {
            raw.order_id: raw for raw in sorted(raw_orders, key=lambda raw: naive(raw.updated_at) or datetime.min)
        }
        known = self.search([("account_id", "=", account.id), ("amazon_order_id", "in", list(newest))])
        for row in known:
            row._update_from(newest.pop(row.amazon_order_id))
        # What Odoo computes of a new row is given, too: or each is written twice, with its payload.
        computed = {"company_id": account.company_id.id, **COMPUTED_OF_NEW}
        self.create(
            [
                {
                    **computed,
                    "account_id": account.id,
                    "amazon_order_id": raw.order_id,
                    "amazon_updated_at": naive(raw.updated_at),
                    "content_key": amazon.content_key(raw.payload),
                    "payload": raw.payload,
                    "has_personal_data": raw.has_personal_data,
                }
                for raw in newest.values()
            ]
        )

    def _update_from(self, raw):
        """Become the version `raw` (amazon.RawOrder) of this order, unless that is an older one."""
        updated_at = naive(raw.updated_at) or self.amazon_updated_at
        if self.amazon_updated_at and updated_at < self.amazon_updated_at:
            return
        payload, has_personal_data = self._kept_of(raw)
        # A row of an older version has no key: the first page that has its order again gives it one.
        before, key = self.content_key or amazon.content_key(self.payload or {}), amazon.content_key(payload)
        values = {"content_key": key}
        if key != before or updated_at != self.amazon_updated_at or has_personal_data > self.has_personal_data:
            values |= {
                "amazon_updated_at": updated_at,
                "payload": payload,
                # The contact still has personal data, even if Amazon's answer no longer does.
                "has_personal_data": has_personal_data or self.has_personal_data,
            }
        # A later time alone may stand for something that is not asked for: looking again costs little.
        is_news = key != before or (self.amazon_updated_at and updated_at > self.amazon_updated_at)
        write_changed(self, values | ({"is_due": True} if is_news else {}))

    def _kept_of(self, raw):
        """(payload, whether it has personal data) of the version `raw`, as far as this order may keep it."""
        if self.is_forgotten or (self.booked_at and not self.has_personal_data):
            return amazon.personal_data.keep_of(raw.payload, amazon.personal_data.NOBODY), False
        return raw.payload, raw.has_personal_data

    def _settle(self, state, message=False, **values):
        """Set the outcome of this order, until Amazon changes it, or what it waits for is there."""
        sentence = message if isinstance(message, Sentence) else getattr(message, "sentence", None)
        settled = {
            "error_message": message,
            "outcome": OUTCOME_OF.get(sentence.code) if sentence and state == "ignored" else False,
            "is_due": False,
            **dict.fromkeys(("awaits", "awaited", "missing_sku", "awaited_units"), False),
        }
        self._move_to(state, **{**settled, **values})

    def _note_failure(self, reason):
        """An unforeseen error: kept on the row, for a person to see and replay."""
        self._settle("error", say("failed", reason=reason))

    # === BY HAND === #

    def _check_may_import(self):
        """Raises AccessError for users who may not import these orders."""
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only FBA Users may import orders."))
        self.check_access("read")

    def action_map(self):
        """Open the mapping of the unknown seller SKU. Raises UserError where none is unknown, AccessError."""
        self.ensure_one()
        self.check_access("read")
        if not self.missing_sku:
            raise UserError(self.env._("All seller SKUs of %s are known.", self.amazon_order_id))
        return self._find_sku().action_map()

    def _find_sku(self):
        """The unknown SKU as a record to map, made where there is none yet. Raises AccessError."""
        Sku = self.env["fba.sku"]
        warehouse = self.account_id._warehouse_of(self.marketplace_id)
        found = Sku.search([("warehouse_id", "=", warehouse.id), ("seller_sku", "=", self.missing_sku)])
        if found:
            return found
        items = {item.seller_sku: item for item in self.sudo()._read_items()}
        item = items.get(self.missing_sku)
        Sku.check_access("create")
        values = {
            "warehouse_id": warehouse.id,
            "seller_sku": self.missing_sku,
            "asin": item and item.asin,
            "amazon_name": item and item.title,
        }
        return Sku.sudo().create(values).with_env(self.env)

    def action_open_sale(self):
        self.ensure_one()
        return self.sale_id._get_records_action()
