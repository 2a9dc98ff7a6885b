"""Names and comments from outside are shown as they are: never run in a page, a mail or a spreadsheet."""

import io
import json

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import FbaCase
from .sold import sold_order, stage

try:
    from openpyxl import load_workbook
except ImportError:  # Odoo needs it for imports only
    load_workbook = None

SCRIPT = '<img src="x" onerror="window.fbaHacked = 1">'
ODD = f"{SCRIPT} =1+1 \u202egnp.exe \U0001f9e8 {'W' * 300}"
FORMULA = '=HYPERLINK("https://evil.example/", "Click")'


@tagged("post_install", "-at_install")
class TestUntrusted(FbaCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.account.buyer_data = "buyer"
        self.product_a.name = f"A {ODD}"
        self.customer.name = f"Eva {ODD}"[:50]  # the longest that Amazon takes
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "ODD", "amazon_name": ODD})

    def shipped(self):
        fulfillment = self.sourced({self.product_a: 2, self.product_b: 1}).fba_fulfillment_order_ids
        fulfillment.comment = f"Hi {SCRIPT}"
        fulfillment.action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
        self.ship(fulfillment, (f"1Z{SCRIPT}", {"A": 2}))
        self.cannot_fulfill(fulfillment, B=1)
        self.pull()
        return fulfillment

    def imported(self):
        order = sold_order({"sku": SCRIPT, "ITEM": "10.00"}, total="10.00")
        order["orderItems"][0]["product"]["title"] = ODD
        row = stage(self.account, order)
        row._process()
        self.assertEqual(row.state, "error")
        return row

    def test_it_is_text_in_mails_chatter_and_html_fields(self):
        fulfillment, row = self.shipped(), self.imported()
        row._note_failure(SCRIPT)
        fulfillment._set_exception("X", SCRIPT)
        sale = fulfillment.sale_id
        written = [
            *sale.message_ids.mapped("body"),
            *(fulfillment.message_ids + fulfillment.picking_ids.message_ids).mapped("body"),
            *self.env["mail.mail"].search([("model", "=", "stock.picking")]).mapped("body_html"),
            *sale.activity_ids.mapped("note"),
            row.items_html,
        ]
        self.assertIn("&lt;img", str(written))
        for text in written:
            self.assertNotIn("<img src", str(text or "").replace('<img src="/', ""), "only images of the layout")

    def test_no_screen_runs_it(self):
        fulfillment, row = self.shipped(), self.imported()
        row._note_failure(SCRIPT)
        fulfillment._set_exception("X", SCRIPT)
        screens = (
            ("fba_connector.fba_fulfillment_order_action", f"/{fulfillment.id}"),
            ("fba_connector.fba_fulfillment_order_action", ""),
            ("fba_connector.fba_amazon_order_action", f"/{row.id}"),
            ("fba_connector.fba_stock_action", ""),
            ("sale.action_orders", f"/{fulfillment.sale_id.id}"),
        )
        seen = """
            const text = document.querySelector(".o_action_manager")?.innerText || "";
            if (window.fbaHacked) console.error("a name was run as a script");
            else if (document.querySelector(".o_form_view, .o_list_view .o_data_row")) {
                for (const tab of document.querySelectorAll(".o_notebook_headers a")) tab.click();
                setTimeout(() => window.fbaHacked
                    ? console.error("a name was run as a script") : console.log("test successful"), 500);
            } else console.error("no screen: " + text);
        """
        for action, record in screens:
            with self.subTest(action=action, record=record):
                ready = "!!document.querySelector('.o_form_view, .o_list_view .o_data_row')"
                self.browser_js(f"/odoo/action-{action}{record}", seen, ready, login="admin")

    def test_no_formula_in_an_exported_sheet(self):
        if not load_workbook:
            self.skipTest("openpyxl is not installed")
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "@SUM(1)", "amazon_name": FORMULA})
        self.authenticate("admin", "admin")
        columns = [{"name": name, "label": name, "type": "char"} for name in ("seller_sku", "amazon_name")]
        wanted = {
            "model": "fba.sku",
            "fields": columns,
            "ids": False,
            "domain": [],
            "import_compat": False,
            "groupby": [],
        }
        for kind in ("xlsx", "csv"):
            answer = self.url_open(
                f"/web/export/{kind}", data={"data": json.dumps(wanted), "csrf_token": Request.csrf_token(self)}
            )
            self.assertEqual(answer.status_code, 200)
            if kind == "xlsx":
                sheet = load_workbook(io.BytesIO(answer.content)).active
                cells = [cell for row in sheet.iter_rows() for cell in row]
                self.assertNotIn("f", [cell.data_type for cell in cells])
                self.assertIn(f"'{FORMULA}", [cell.value for cell in cells])
            else:
                self.assertIn("'=HYPERLINK", answer.text)
                self.assertIn("'@SUM(1)", answer.text)

    def test_buyer_whose_name_is_a_formula(self):
        address = {"name": FORMULA, "addressLine1": "-1 Main", "city": "@Reno", "countryCode": "US"}
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", recipient={"deliveryAddress": address})
        row = stage(self.account, order)
        row._process()
        partner = row.sale_id.partner_id
        self.assertEqual([partner.name, partner.street, partner.city], [FORMULA[1:], "1 Main", "Reno"])
