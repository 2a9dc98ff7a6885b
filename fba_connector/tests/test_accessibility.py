"""What keeps people from using the screens: axe-core looks at them in the browser."""

import importlib.resources
import json
from unittest import skipUnless

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from .common import SimulatorMixin

try:
    AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
except ModuleNotFoundError:
    AXE = ""

# Odoo's web client around each screen, the widgets and the colors that it draws with: those are Odoo's to mend.
FRAME = [
    ".o_main_navbar",
    ".o_control_panel_breadcrumbs",
    ".o_control_panel_navigation",
    ".o_cp_searchview",
    ".o_searchview",
    ".o_statusbar_status",
    ".o_notebook_headers",
    ".o_optional_columns_dropdown",
    ".o-mail-Chatter",
    ".o-mail-Form-chatter",
]
WIDGETS = {
    "html-has-lang": ["html"],
    "color-contrast": [".badge", ".o_tag", ".o_list_footer", ".text-muted"],
    "label": [".o_list_record_selector", ".o-checkbox"],
    "aria-allowed-attr": [".o_field_many2many_tags", ".o_field_many2one", ".o_select_menu", ".o_field_selection"],
}


@skipUnless(AXE, "axe-core is not installed")
@tagged("post_install", "-at_install")
class TestAccessibility(SimulatorMixin, HttpCase):
    def run_job(self, name):
        self.env.ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_no_screen_shuts_people_out(self):
        screens, odoos = json.dumps(self.screens()), json.dumps({"frame": FRAME, "widgets": WIDGETS})
        axe = self.env["ir.attachment"].create({"name": "axe.js", "raw": AXE.encode(), "mimetype": "text/javascript"})
        with file_open("fba_connector/static/tests/accessibility/check.js") as script:
            code = f"""
                {script.read()}
                findings("/web/content/{axe.id}", {screens}, {odoos}).then(
                    (found) => found.length ? console.error(found.join("\\n")) : console.log("test successful"),
                    (error) => console.error(error.stack || String(error)),
                );
            """
        self.browser_js("/odoo/fulfillment-by-amazon", code, "window.odoo.isReady", login="admin", timeout=110)

    def screens(self):
        """Each with data in it."""
        self.account.first_sync_confirmed = True
        shipped, failed, ready = (
            self.sourced({self.product_a: 3, self.product_b: 1}, name=f"AXE-{number}") for number in range(3)
        )
        (shipped + failed).fba_fulfillment_order_ids.action_submit()
        self.run_job("push_fulfillment_orders")
        self.ship(shipped.fba_fulfillment_order_ids, ("1ZAXE", {"A": 3, "B": 1}))
        self.cannot_fulfill(failed.fba_fulfillment_order_ids, A=3)
        self.run_job("pull_fulfillment_orders")
        self.control("PUT", "stock/MYSTERY", fulfillable=6)
        self.sell_on_amazon(("MYSTERY", 1, "19.00", {}))
        self.run_job("import_amazon_orders")
        self.run_job("sync_inventory")
        row = self.env["fba.amazon.order"].search([("missing_sku", "=", "MYSTERY")])
        manager = {"action": "fba_connector.fba_fulfillment_order_action", "view": "list"}
        order = {"action": "sale.action_orders", "view": "form"}
        account = {"action": "fba_connector.fba_account_action", "view": "form", "record": self.account.id}
        tick = ".o_data_row .o_list_record_selector input"
        return [
            {"name": "dashboard", "action": "fba_connector.fba_account_action_dashboard", "ready": ".o_fba_dashboard"},
            {"name": "guide", "action": "fba_connector.fba_account_action_guide", "ready": ".o_fba_guide"},
            {"name": "manager", **manager, "ready": ".o_data_row"},
            {"name": "cards", **manager, "view": "kanban", "ready": ".o_kanban_record"},
            {
                "name": "preview",
                **manager,
                "view": "form",
                "record": ready.fba_fulfillment_order_ids.id,
                "clicks": ["button[name=action_preview]"],
                "ready": ".modal button.btn-primary",
            },
            {
                "name": "send",
                **manager,
                "clicks": [tick, "button[name=action_open_submit_wizard]"],
                "ready": ".modal button[name=action_confirm], .modal .btn-secondary",
            },
            {
                "name": "fulfillment order",
                **manager,
                "view": "form",
                "record": failed.fba_fulfillment_order_ids.id,
                "ready": ".o_form_view .alert-danger",
            },
            *(
                {
                    "name": f"{tab} of {sale.name}",
                    **order,
                    "record": sale.id,
                    "clicks": [f".o_notebook_headers a[name={tab}]"],
                    "ready": f"div[name={field}] table",
                }
                for sale in (shipped, failed)
                for tab, field in (("fba_sourcing", "fba_sourcing_ids"), ("fba", "fba_line_ids"))
            ),
            {
                "name": "resolve",
                **order,
                "record": failed.id,
                "clicks": ["button[name=action_fba_resolve]"],
                "ready": ".modal div[name=line_ids] table",
            },
            {"name": "inbox", "action": "fba_connector.fba_amazon_order_action", "ready": ".o_data_row"},
            {
                "name": "order of an unknown SKU",
                "action": "fba_connector.fba_amazon_order_action",
                "view": "form",
                "record": row.id,
                "ready": ".o_form_view button[name=action_map]",
            },
            {"name": "stock", "action": "fba_connector.fba_stock_action", "view": "list", "ready": ".o_data_row"},
            {"name": "account", **account, "ready": ".o_form_view .o_notebook"},
            {"name": "SKUs", "action": "fba_connector.fba_sku_action", "view": "list", "ready": ".o_data_row"},
        ]
