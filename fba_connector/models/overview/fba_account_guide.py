"""First run: from the keys to the first order, step by step. Nothing is automatic before the last step."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ...utc import aware
from ..account import sentences as account_sentences
from ..account.access import PLACE
from ..account.fba_account_runs import reason_of
from ..shared.groups import MANAGER
from ..shared.sentence import SentenceField, in_words, say
from .sentences import SENTENCES

STEPS = [
    ("keys", "Keys"),
    ("marketplaces", "Marketplaces"),
    ("warehouses", "Warehouses"),
    ("skus", "Seller SKUs"),
    ("stock", "Stock"),
    ("import", "Amazon Orders"),
    ("automation", "Automation"),
    ("test", "Test Order"),
    ("live", "Go Live"),
]


class FbaAccount(models.Model):
    _inherit = "fba.account"
    _sentences = {**account_sentences.SENTENCES, **SENTENCES}

    guide_step = fields.Selection(STEPS, "Next Step", compute="_compute_guide")
    guide_done = fields.Char(compute="_compute_guide", help="Completed steps, for the view.")
    skus_matched_at = fields.Datetime("SKUs Read", readonly=True, copy=False, valid_for=PLACE)
    stock_result = fields.Char(compute="_compute_stock_result", help="What the first synchronization has booked.")
    sku_count = fields.Integer("Seller SKUs", compute="_compute_sku_count")
    unknown_sku_count = fields.Integer("Unknown SKUs", compute="_compute_sku_count")
    import_decided = fields.Boolean(readonly=True, copy=False)
    automation_decided = fields.Boolean(readonly=True, copy=False)
    test_order_name = fields.Char("Test Order", readonly=True, copy=False, valid_for=PLACE)
    test_order_state = fields.Selection(
        [
            ("sending", "Being placed"),
            ("held", "On hold at Amazon; cancellation requested"),
            ("cancelled", "Placed on hold, then cancelled"),
            ("refused", "Failed"),
            ("skipped", "Skipped"),
        ],
        "Outcome",
        readonly=True,
        copy=False,
        valid_for=PLACE,
    )
    test_order_message = SentenceField("Amazon's Answer", readonly=True, copy=False, valid_for=PLACE)

    @api.depends(
        "connection_state",
        "marketplace_ids",
        "afn_warehouse_ids.is_afn",
        "afn_warehouse_ids.fba_marketplace_ids",
        "skus_matched_at",
        "sync_inventory",
        "first_sync_confirmed",
        "import_decided",
        "automation_decided",
        "test_order_state",
        "is_live",
    )
    def _compute_guide(self):
        for account in self:
            marketplaces = account.marketplace_ids._origin
            done = {
                "keys": account.connection_state == "ok",
                "marketplaces": bool(marketplaces),
                "warehouses": marketplaces and not marketplaces - account._afn_warehouses().fba_marketplace_ids,
                "skus": bool(account.skus_matched_at),
                "stock": account.first_sync_confirmed or not account.sync_inventory,
                "import": account.import_decided,
                "automation": account.automation_decided,
                "test": account.test_order_state in ("cancelled", "skipped"),
                "live": account.is_live,
            }
            account.guide_done = " ".join(step for step in done if done[step])
            account.guide_step = next((step for step in done if not done[step]), "live")

    @api.depends("first_sync_confirmed", "sync_inventory")
    @api.depends_context("lang")
    def _compute_stock_result(self):
        ended = [("account_id", "in", self.ids), ("state", "=", "done"), ("only_skus", "=", False)]
        last = {sync.account_id.id: sync for sync in self.env["fba.first.sync"].sudo().search(ended, order="id")}
        for account in self:
            sync = last.get(account._origin.id)
            if not account.sync_inventory:
                account.stock_result = self.env._("Not synchronized")
            elif sync and account.first_sync_confirmed:
                account.stock_result = sync._result()
            else:
                account.stock_result = False

    @api.depends("afn_warehouse_ids", "skus_matched_at")
    def _compute_sku_count(self):
        groups = (
            self.env["fba.sku"]
            .sudo()
            ._read_group(
                [("warehouse_id.fba_account_id", "in", self.ids), ("warehouse_id.is_afn", "=", True)],
                ["warehouse_id", "product_id"],
                ["__count"],
            )
        )
        known, unknown = {}, {}
        for warehouse, product, count in groups:
            counts = known if product else unknown
            counts[warehouse.fba_account_id] = counts.get(warehouse.fba_account_id, 0) + count
        for account in self:
            account.unknown_sku_count = unknown.get(account, 0)
            account.sku_count = known.get(account, 0) + account.unknown_sku_count

    # === START OF THE APP === #

    @api.model
    def action_start(self):
        """The first screen: the guide while no account is live, then the dashboard."""
        self.check_access("read")
        accounts = self.search([("active", "=", True)])
        if self.env.user.has_group(MANAGER) and not accounts.filtered("is_live"):
            return accounts[:1].action_open_guide()
        return self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_account_action_dashboard")

    def action_open_guide(self):
        """The guide of this account, or of a new one."""
        self._check_is_manager()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_account_action_guide"),
            "res_id": self.id,
        }

    def action_open_settings(self):
        """The form with all settings of this account."""
        self.ensure_one()
        self._check_is_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("fba_connector.fba_account_view_form").id, "form")],
        }

    def action_resume(self):
        """End the pause of these accounts."""
        self._check_is_manager()
        self.check_access("write")
        self.paused = False

    def _check_is_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only FBA Administrators may set up accounts."))

    # === STEPS === #

    def action_make_warehouses(self):
        """Create an AFN warehouse for each stock pool without one."""
        self.action_set_up_warehouses()
        return self._notification(
            "success", self.env._("AFN warehouses: %s.", ", ".join(self._afn_warehouses().mapped("name")))
        )

    def action_match_skus(self):
        """Read the seller SKUs in stock at Amazon, and match them with Odoo's products, in the background."""
        self.ensure_one()
        self._check_may_sync()
        return self._request_first_sync(only_skus=True)

    def _skus_were_read(self):
        self.skus_matched_at = fields.Datetime.now()
        return super()._skus_were_read()

    def _may_book_sales(self):
        return super()._may_book_sales() or self.import_decided

    def action_open_unknown_skus(self):
        """Seller SKUs without a product."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {
            **action,
            "domain": [("warehouse_id.fba_account_id", "=", self.id)],
            "context": {"search_default_unknown": True},
        }

    def action_decide_import(self):
        """Confirm the account's settings for the import of Amazon's orders."""
        self._check_is_manager()
        self.import_decided = True

    def action_decide_automation(self):
        """Confirm the account's settings for automation."""
        self._check_is_manager()
        self.automation_decided = True

    def action_go_live(self):
        """From now on Odoo sends, follows and imports orders and synchronizes stock automatically."""
        self.ensure_one()
        self._check_is_manager()
        missing = [label for step, label in self._guide_labels() if step not in (*self.guide_done.split(), "live")]
        if missing:
            raise UserError(self.env._("Complete these steps first: %s.", ", ".join(missing)))
        self.is_live = True
        for task in ("pull", "import", "inventory"):
            self._trigger_again(task, timedelta())
        return self._notification("success", self.env._('Account "%s" is live.', self.name))

    def _guide_labels(self):
        return self._fields["guide_step"]._description_selection(self.env)

    # === A TEST ORDER === #

    def action_test_order(self):
        """Place an order on hold at Amazon and cancel it; if something breaks, press the button again."""
        self.ensure_one()
        self._check_is_manager()
        self._check_may_call()
        if not self.test_order_name or self.test_order_state == "refused":
            self.write({"test_order_name": False, "test_order_state": False, "test_order_message": False})
            request = self._prepare_test_order()
            self.write({"test_order_name": request.order_id, "test_order_state": "sending"})
            # Whatever happens next: the name stays, and the next press cancels the order.
            self._commit()
        try:
            with self._open_gateway() as gateway:
                self._play_test_order(gateway)
        except amazon.Throttled as error:
            raise UserError(self._pace_message(error)) from error
        except amazon.AmazonError as error:
            raise UserError(
                self.env._(
                    "The test order %(order)s is not complete (%(reason)s). Press again: Odoo checks the order first.",
                    order=self.test_order_name,
                    reason=in_words(self, reason_of(error)),
                )
            ) from error
        if self.test_order_state == "cancelled":
            return self._notification(
                "success", self.env._("Amazon accepted the test order, held it, and cancelled it.")
            )
        return self._notification(
            "danger" if self.test_order_state == "refused" else "warning",
            self.test_order_message
            or self.env._("Amazon holds the test order and has not cancelled it yet. Press again in a minute."),
        )

    def _play_test_order(self, gateway):
        """Check the order before each step, so that any of them may break."""
        try:
            order = gateway.get_fulfillment_order(self.test_order_name)
        except amazon.NotFound:
            if self.test_order_state == "held":  # it was there: Amazon's reads lag
                return
            try:
                gateway.create_fulfillment_order(self._prepare_test_order())
            except amazon.AlreadyExists:
                raise
            except amazon.Rejected as error:
                self._note_refused_test_order(reason_of(error))
                return
            order = gateway.get_fulfillment_order(self.test_order_name)
        if order.status not in amazon.outbound.ENDED:
            self.test_order_state = "held"
            gateway.cancel_fulfillment_order(self.test_order_name)
            order = gateway.get_fulfillment_order(self.test_order_name)
        if order.status == amazon.outbound.CANCELLED:
            self.test_order_state = "cancelled"
        elif order.status in amazon.outbound.ENDED:
            self._note_refused_test_order(order.status)

    def _note_refused_test_order(self, reason):
        message = say("test_order_refused", order=self.test_order_name, reason=reason)
        self.write({"test_order_state": "refused", "test_order_message": message})

    def _prepare_test_order(self):
        """One unit on hold, to the company's own address. Raises UserError if the unit or the address is missing."""
        sku = self.env["fba.sku"].sudo().search(
            [("warehouse_id", "in", self._afn_warehouses().ids), ("fulfillable_quantity", ">", 0)], limit=1
        )  # fmt: skip
        if not sku:
            raise UserError(self.env._("Amazon has no stock for a test order. Skip this step."))
        name = self.test_order_name or f"{self._test_order_prefix()}{secrets.token_hex(4)}"
        return amazon.CreateOrder(
            order_id=name,
            displayable_order_id=name,
            displayable_at=aware(fields.Datetime.now()),
            comment=self.env._("Test order. Do not ship."),
            shipping_speed=self.shipping_speed,
            policy=self.fulfillment_policy,
            hold=True,
            address=self.company_id.partner_id._fba_address(),
            items=(amazon.CreateItem(item_id="1", seller_sku=sku.seller_sku, quantity=1),),
            marketplace_id=sku.warehouse_id.fba_marketplace_id.marketplace_id,
            notification_emails=(),
            features=(),
        )

    def action_skip_test_order(self):
        """Go on without a test order. If Amazon got one anyway, it is on hold there and ends automatically."""
        self._check_is_manager()
        self.filtered(lambda account: account.test_order_state != "held").test_order_state = "skipped"
