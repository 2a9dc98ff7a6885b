"""The account's form and guide: tabs of ten fields at most, a guide that folds, names that differ."""

from lxml import etree
from odoo.tests import HttpCase, new_test_user, tagged

from .common import FbaCase, SimulatorMixin

MOST_FIELDS = 10


def fields_of(node, top):
    """Names of the fields that `node` shows, those of lists in it left out; `top`: pages left out, too."""
    skipped = ("field", "page") if top else ("field",)
    names = set()
    for child in node.iter("field"):
        above = list(child.iterancestors())
        inside = above[: above.index(node)]
        if child.get("invisible") in ("1", "True") or any(it.tag in skipped for it in inside):
            continue
        names.add(child.get("name"))
    return names


@tagged("post_install", "-at_install")
class TestForm(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "form_manager", groups="fba_connector.group_fba_manager")

    def arch(self):
        view = self.env.ref("fba_connector.fba_account_view_form")
        return etree.fromstring(self.env["fba.account"].with_user(self.manager).get_view(view.id)["arch"])

    def test_no_page_has_more_than_ten_fields(self):
        [sheet] = self.arch().iter("sheet")
        pages = {page.get("string"): fields_of(page, top=False) for page in sheet.iter("page")}
        self.assertGreater(len(pages), 5)
        pages["above the tabs"] = fields_of(sheet, top=True)
        for page, names in pages.items():
            with self.subTest(page=page):
                self.assertLessEqual(len(names), MOST_FIELDS, sorted(names))
        shown = [name for names in pages.values() for name in names]
        self.assertEqual(len(shown), len(set(shown)), "each at one place")

    def test_every_setting_is_reachable(self):
        arch = self.arch()
        shown = {node.get("name") for node in arch.iter("field")}
        settings = {
            name
            for name, field in self.env["fba.account"]._fields.items()
            if field.store and not field.readonly and "fba_connector" in field._modules
        }
        self.assertEqual(settings - shown - {"color", "active", "keys_id"}, set())

    def test_each_input_has_a_label(self):
        for view in ("fba_account_view_form", "fba_account_view_guide"):
            arch = etree.fromstring(self.env["fba.account"].get_view(self.env.ref(f"fba_connector.{view}").id)["arch"])
            labeled = {node.get("for") for node in arch.iter("label")}
            self.assertIn("fee_limit_type", labeled)

    def test_warehouses_of_two_companies_have_different_names(self):
        plain = f"Amazon FBA {self.env.ref('fba_connector.marketplace_ca').code}"
        self.account.marketplace_ids += self.env.ref("fba_connector.marketplace_ca")
        self.account.action_set_up_warehouses()
        other = self.env["res.company"].create({"name": "Other Ltd."})
        account = self.env["fba.account"].create(
            {
                **self.account_values("Other store"),
                "company_id": other.id,
                "marketplace_ids": self.env.ref("fba_connector.marketplace_ca").ids,
            }
        )
        account.action_set_up_warehouses()
        names = (self.account.afn_warehouse_ids - self.afn).mapped("name")
        self.assertEqual((names, account.afn_warehouse_ids.name), ([plain], f"{plain} – Other Ltd."))

    def test_marketplaces_of_another_region_are_named(self):
        self.control(
            "POST",
            "sellers",
            refresh_token="Atzr|two",
            client_id="amzn1.application-oa2-client.demo",
            client_secret="demo-secret",
            marketplace_ids=["ATVPDKIKX0DER", "A1PA6795UKMFR9"],
        )
        account = self.env["fba.account"].create(
            {**self.account_values("New", is_live=False), "marketplace_ids": False, "refresh_token": "Atzr|two"}
        )
        account.action_test_connection()
        self.assertEqual(account.marketplace_ids.mapped("code"), ["US"])
        self.assertEqual(account.other_marketplace_ids.mapped("code"), ["DE"])
        account.refresh_token = "Atzr|three"
        self.assertFalse(account.other_marketplace_ids, "they are another seller's")

    def test_products_without_cost_are_remarked_on(self):
        self.product_a.standard_price = 4
        self.account.first_sync_confirmed = False
        self.control("PUT", "stock/A", fulfillable=12)
        self.control("PUT", "stock/B", fulfillable=13)
        self.advance(minutes=10)
        sync = self.env["fba.first.sync"].browse(self.account.action_first_sync()["res_id"])
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertEqual((sync.state, sync.difference_count, sync.costless_count), ("ready", 2, 1))
        sync.action_confirm()
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertRegex(self.account.stock_result, "2 products booked on .*, confirmed by")


@tagged("post_install", "-at_install")
class TestFormTours(SimulatorMixin, HttpCase):
    browser_size = "1280x800"

    def run_job(self, name):
        self.env.ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def setUp(self):
        super().setUp()
        new_test_user(self.env, "tour_manager", groups="fba_connector.group_fba_manager")

    def test_fee_limit_is_typed_into_the_form(self):
        self.account.write({"fee_limit": 0, "auto_submit": True})
        url = f"/odoo/action-fba_connector.fba_account_action/{self.account.id}"
        self.start_tour(url, "fba_type_fee_limit", login="tour_manager")
        self.assertEqual(self.account.fee_limit, 12.5)

    def test_fee_limit_is_typed_into_the_guide_whose_steps_fold(self):
        self.account.write({"fee_limit": 0, "auto_submit": True, "import_decided": True, "automation_decided": True})
        self.account.write({"connection_state": "ok", "skus_matched_at": "2026-01-01", "first_sync_confirmed": True})
        self.account.test_order_state = "skipped"
        self.start_tour(f"/odoo/connect-amazon/{self.account.id}", "fba_fold_guide", login="tour_manager")
        self.assertEqual(self.account.fee_limit, 12.5)

    def test_clerk_asks_and_imports_in_the_inbox(self):
        new_test_user(self.env, "tour_clerk", groups="fba_connector.group_fba_user")
        self.env["fba.account"].search([("id", "!=", self.account.id)]).active = False
        self.control("PUT", "stock/MYSTERY", fulfillable=6)
        self.sell_on_amazon(("MYSTERY", 1, "19.00", {}))
        self.run_job("import_amazon_orders")
        self.account.task_lock_ids.run_at = False
        self.start_tour("/odoo/action-fba_connector.fba_amazon_order_action", "fba_clerk_asks", login="tour_clerk")
        self.assertIn("Map seller SKU MYSTERY", self.account.activity_ids.mapped("summary"))
