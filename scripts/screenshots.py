"""`make screenshots`: the pictures of README and docs, taken from the demo in a real browser."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from . import demo, demo_database
from .host.database import LOGIN, PASSWORD
from .host.paths import ROOT
from .host.step import SetupError, say
from .serve import web_client

IMAGES = ROOT / "docs/images"
DESCRIPTION = ROOT / "fba_connector/static/description"
SHOWN = (
    "dashboard",
    "manager",
    "order-exception-sourcing",
    "order-shipped-fba",
    "stock-at-amazon",
)  # to who looks for an app
WORKED_MS = 150_000  # Odoo looks for scheduled actions each minute
SIZE = {"width": 1480, "height": 860}


def main() -> int:
    if not demo_database.is_made() and (status := demo.main()):
        return status
    IMAGES.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with web_client() as (url, _server, simulator), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport=SIZE, locale="en-US")
        page.goto(f"{url}/web/login")
        page.fill("input[name=login]", LOGIN)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        take_dashboard(page, url)
        take_all(page, url)
        take_sold(page, url)
        take_stock(page, url)
        open_page(page, f"{simulator.url}/", "h2")
        take(page, "simulator")
        browser.close()
    return 0


def take_dashboard(page: Page, url: str) -> None:
    open_page(page, f"{url}/odoo/channel-managers", ".o_kanban_view canvas")
    take(page, "dashboard")
    open_page(page, f"{url}/odoo/connect-amazon", ".o_form_view .o_fba_guide")
    take(page, "guide")


def take_all(page: Page, url: str) -> None:
    manager = f"{url}/odoo/fulfillment-by-amazon"
    open_page(page, manager, ".o_list_view")
    page.locator(".o_searchview .o_facet_remove").first.click()
    page.wait_for_timeout(800)
    take(page, "manager")
    for order, name in (("Ruth Blake", "shipped"), ("Ines Moreau", "exception")):
        open_page(page, manager, ".o_list_view")
        page.locator(".o_searchview .o_facet_remove").first.click()
        row = page.locator("tr.o_data_row", has_text=order)
        row.locator("td[name=sale_id] a").click()
        page.wait_for_selector(".o_form_view .o_notebook")
        for tab, label in (("fba_sourcing", "Sourcing"), ("fba", "FBA")):
            page.locator(".o_notebook_headers a", has_text=label).first.click()
            page.wait_for_timeout(500)
            take(page, f"order-{name}-{tab.removeprefix('fba_')}")
    open_page(page, f"{url}/odoo/action-fba_connector.fba_account_action", ".o_list_view")
    page.locator("tr.o_data_row", has_text="US store").locator("td[name=name]").click()
    page.wait_for_selector(".o_form_view")
    take(page, "account")
    open_page(page, f"{url}/odoo/action-stock.action_warehouse_form", ".o_list_view")
    page.locator("tr.o_data_row", has_text="Amazon FBA US").locator("td[name=name]").first.click()
    page.wait_for_selector(".o_form_view")
    take(page, "warehouse")


def take_sold(page: Page, url: str) -> None:
    """What Amazon sold: the inbox, what could not be imported, and what was."""
    inbox = f"{url}/odoo/action-fba_connector.fba_amazon_order_action"
    open_page(page, inbox, ".o_list_view")
    take(page, "amazon-orders")
    page.locator("tr.o_data_row", has_text="cannot be used yet").locator("td[name=amazon_order_id]").click()
    page.wait_for_selector(".o_form_view .alert-danger")
    take(page, "amazon-order-error")
    open_page(page, inbox, ".o_list_view")
    page.locator("tr.o_data_row", has_text="361.72").locator("button[name=action_open_sale]").click()
    page.wait_for_selector("div[name=order_line]")
    take(page, "amazon-order-imported")


def take_stock(page: Page, url: str) -> None:
    """The first synchronization, agreed to: the demo leaves it for whoever looks."""
    open_page(page, f"{url}/odoo/action-fba_connector.fba_account_action", ".o_list_view")
    page.locator("tr.o_data_row", has_text="US store").locator("td[name=name]").click()
    page.wait_for_selector(".o_form_view")
    first = page.locator("button[name=action_first_sync]:visible")
    if first.count():
        first.click()
        page.wait_for_selector(".modal button[name=action_confirm]:visible", timeout=WORKED_MS)
        take(page, "first-sync")
        page.locator(".modal button[name=action_confirm]").click()
        page.wait_for_selector(".modal button[name=action_open_stock]:visible", timeout=WORKED_MS)
    open_page(page, f"{url}/odoo/stock-at-amazon", ".o_list_view")
    take(page, "stock-at-amazon")
    unknown = page.locator("button[name=action_map]:visible")
    if unknown.count():
        unknown.first.click()
        page.wait_for_selector(".modal .o_form_view")
        take(page, "map-sku")
        page.locator(".modal button[special=cancel], .modal .btn-close").first.click()


def open_page(page: Page, url: str, ready: str) -> None:
    page.goto(url)
    page.wait_for_selector(ready)
    page.wait_for_timeout(500)


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(700)
    path: Path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    say(f"    {path.relative_to(ROOT)}")
    if name in SHOWN:
        shutil.copy(path, DESCRIPTION)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nStopped: {error}")
        sys.exit(1)
