"""A company in a database of its own, whose accounts sell from a simulated Amazon, sent there by the real code."""

from collections import Counter
from collections.abc import Sequence

from scripts.host.database import Host

from .common import control
from .database import OURS, Database
from .measure import Cost

STOCK = 1_000_000
AT_ONCE = 100  # orders confirmed in one transaction
LIST, GET, CREATE, TOKEN = "listAllFulfillmentOrders", "getFulfillmentOrder", "createFulfillmentOrder", "lwaToken"

# An Amazon that is never in the way: no usage plan, no shipment of its own. Its clock is two hours behind, so that
# what happened there before `catch_up` is long past for the list of changes.
SERVER = """
import threading
from datetime import timedelta
from amazon_simulator import SimulatorServer
with SimulatorServer() as server:
    server.world.settings.plan_factor = 1e6
    server.world.settings.auto_ship = False
    server.world.clock.now -= timedelta(hours=2)
    print(server.url, flush=True)
    threading.Event().wait()
"""


def catch_up(url: str) -> None:
    """What was sent is Processing since long; from now on changes are fresh."""
    control(url, "POST", "clock/advance", seconds=2 * 3600)


class Shop(Database):
    """The database with a customer; the demo's accounts rest."""

    def __init__(self, host: Host, name: str = OURS, *, modules: Sequence[str] = ()) -> None:
        super().__init__(host, name, modules=modules)
        with self.environment() as env:
            if "fba.account" in env:
                env["fba.account"].search([]).paused = True
                env.cr.execute("UPDATE stock_warehouse SET is_afn = FALSE")  # theirs have stock: no person may
            address = {"street": "1 Main Street", "city": "Portland", "zip": "97201"}
            customer = {"name": "Customer", "email": "customer@example.com", "country_id": env.ref("base.us").id}
            self._customer_id = env["res.partner"].create({**customer, **address}).id

    def mails(self) -> int:
        """How many were ever written."""
        with self.environment() as env:
            return env["mail.mail"].search_count([])

    def own_warehouse(self, env):
        return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1, order="id")

    def add_products(self, env, warehouse, skus: list[str]):
        """Products of which there is enough, in this warehouse only."""
        products = env["product.product"].create(
            [{"name": sku, "default_code": sku, "is_storable": True} for sku in skus]
        )
        for product in products:
            env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, STOCK)
        return products

    def quote(self, env, products, orders: int, units: int):
        """As many quotations, each with a line of every product."""
        line = [(0, 0, {"product_id": product.id, "product_uom_qty": units}) for product in products]
        # Each its own values: Odoo writes the order's number into them.
        values = [{"partner_id": self._customer_id, "order_line": line} for _number in range(orders)]
        return env["sale.order"].create(values)

    def confirm(self, env, products, orders: int, units: int):
        sales = self.quote(env, products, orders, units)
        sales.action_confirm()
        return sales


class Seller:
    """An account of the shop and its warehouse at Amazon, with so many products; no mails to customers."""

    def __init__(self, shop: Shop, url: str, name: str, products: int = 1) -> None:
        self._shop, self.url, self.token = shop, url, f"Atzr|{name}"
        self.skus = [f"{name}-{number}" for number in range(1, products + 1)]
        with shop.environment() as env:
            market = env.ref("fba_connector.marketplace_us")
            seller = {"client_id": name, "client_secret": name, "refresh_token": self.token}
            control(url, "POST", "sellers", **seller, marketplace_ids=[market.marketplace_id])
            for sku in self.skus:
                control(url, "PUT", f"stock/{sku}", seller=self.token, fulfillable=STOCK)
            account = env["fba.account"].create(
                {
                    "name": name,
                    "environment": "custom",
                    "api_endpoint": url,
                    "lwa_endpoint": f"{url}/auth/o2/token",
                    "lwa_client_id": name,
                    "lwa_client_secret": name,
                    "refresh_token": self.token,
                    "marketplace_ids": market.ids,
                    "auto_source": "always",
                    "send_shipment_email": False,
                    "first_sync_confirmed": True,
                }
            )
            warehouse = env["stock.warehouse"].create(
                {
                    "name": name,
                    "code": name,
                    "is_afn": True,
                    "fba_account_id": account.id,
                    "fba_marketplace_id": market.id,
                }
            )
            self.product_ids = shop.add_products(env, warehouse, self.skus).ids
            self._account_id = account.id

    def account(self, env):
        return env["fba.account"].browse(self._account_id)

    def orders(self, env):
        return env["fba.fulfillment.order"].search([("account_id", "=", self._account_id)], order="id")

    def queue(self, orders: int, units: int, *, submit: bool = True) -> None:
        """As many orders, submitted unless somebody else is to do it."""
        for done in range(0, orders, AT_ONCE):
            with self._shop.environment() as env:
                products = env["product.product"].browse(self.product_ids)
                sales = self._shop.confirm(env, products, min(AT_ONCE, orders - done), units)
                if submit:
                    sales.fba_fulfillment_order_ids.action_submit()

    def send(self, orders: int, units: int) -> None:
        """As many orders, accepted by Amazon."""
        self.queue(orders, units)
        self.push()

    def push(self) -> Cost:
        """What it takes to send what is queued. Raises SystemExit where Amazon does not accept all."""
        cost = self.work("_push_fulfillment_orders")
        with self._shop.environment() as env:
            if left := set(self.orders(env).mapped("state")) - {"in_shipping", "shipped"}:
                raise SystemExit(f"not all was sent: {left}, {self.account(env).connection_message}")
        return cost

    def work(self, method: str) -> Cost:
        """What this part of a scheduled action costs. Raises SystemExit where it fails."""
        control(self.url, "DELETE", "journal")
        cost = self._shop.measure(lambda env: getattr(self.account(env), method)())
        cost.calls = sum(self.calls().values())
        with self._shop.environment() as env:
            account = self.account(env)
            if account.connection_state in ("refused", "failed"):
                raise SystemExit(f"{method}: {account.connection_message}")
        return cost

    def calls(self) -> Counter:
        """{operation: calls} since the last work began."""
        journal = control(self.url, "GET", "journal")
        return Counter(call["operation"] for call in journal if call["operation"] != TOKEN)

    def read(self) -> set[str]:
        """The orders that were read since then."""
        journal = control(self.url, "GET", f"journal?operation={GET}")
        return {call["path"].rsplit("/", 1)[-1] for call in journal}

    def ship(self, name: str, *packages: tuple[str, dict[str, int]]) -> None:
        """One shipment; each package is (tracking number, {SKU: units})."""
        control(
            self.url,
            "POST",
            f"fulfillment-orders/{name}/ship",
            seller=self.token,
            packages=[
                {
                    "tracking_number": tracking,
                    "items": [{"seller_sku": sku, "quantity": units} for sku, units in contents.items()],
                }
                for tracking, contents in packages
            ],
        )
