"""The company of a year: one seller account that imports and sends automatically, and ordinary customers."""

from ..database import Database
from ..shop import Seller, Shop
from .clock import Clock

NAME, SKUS = "YEAR", 200
LINES, UNITS = 2, 1  # of an own order
AT_ONCE = 100  # quotations created in one transaction


class YearShop:
    """`port`: where Amazon is found, all year."""

    def __init__(self, database: Database, clock: Clock, port: int) -> None:
        self.database, self.clock, self.port = database, clock, port
        with database.environment() as env:
            account = self.account(env)
            self._warehouse_id = env["stock.warehouse"].search([("fba_account_id", "=", account.id)]).id
            products = env["product.product"].search([("default_code", "=like", f"{NAME}-%")], order="id")
            self.skus, self._product_ids = products.mapped("default_code"), products.ids
            self.seller = {
                "client_id": NAME,
                "client_secret": NAME,
                "refresh_token": f"Atzr|{NAME}",
                "marketplace_ids": account.marketplace_ids.mapped("marketplace_id"),
            }

    @classmethod
    def found(cls, shop: Shop, url: str, clock: Clock, port: int) -> "YearShop":
        """In a new database, before the first week."""
        seller = Seller(shop, url, NAME, SKUS)
        with shop.environment() as env:
            seller.account(env).write(
                {"import_from": clock.now(), "import_orders": True, "auto_submit": True, "send_shipment_email": True}
            )
            env["ir.mail_server"].search([]).unlink()
        return cls(shop, clock, port)

    def account(self, env):
        return env["fba.account"].search([("name", "=", NAME)])

    def deliver_mails_to(self, port: int) -> None:
        with self.database.environment() as env:
            server = env["ir.mail_server"].search([("name", "=", NAME)])
            values = {"name": NAME, "smtp_host": "127.0.0.1", "smtp_port": port}
            server.write(values) if server else server.create(values)

    # === OWN ORDERS === #

    def orders(self, env, numbers: range, *more):
        """Sales orders of these numbers."""
        references = [_reference(number) for number in numbers]
        return env["sale.order"].search([("client_order_ref", "in", references), *more], order="id")

    def fulfillment_orders(self, env, numbers: range, *states: str):
        sales = self.orders(env, numbers)
        return sales.fba_fulfillment_order_ids.filtered(lambda order: order.state in states)

    def missing(self, numbers: range) -> list[int]:
        """Those of `numbers` that have no sales order."""
        with self.database.environment() as env:
            known = set(self.orders(env, numbers).mapped("client_order_ref"))
        return [number for number in numbers if _reference(number) not in known]

    def add_customers(self, numbers: list[int]) -> list[int]:
        """IDs of as many contacts."""
        with self.database.environment() as env:
            country = env.ref("base.us").id
            return env["res.partner"].create([_customer(number, country) for number in numbers]).ids

    def quote(self, env, numbers: list[int], customers: list[int]) -> None:
        env["sale.order"].create(
            [
                {
                    "partner_id": customer,
                    "warehouse_id": self._warehouse_id,
                    "client_order_ref": _reference(number),
                    "order_line": [(0, 0, self._line(number, line)) for line in range(LINES)],
                }
                for number, customer in zip(numbers, customers, strict=True)
            ]
        )

    def _line(self, number: int, line: int) -> dict:
        product = self._product_ids[(number + 7 * line) % len(self._product_ids)]
        return {"product_id": product, "product_uom_qty": UNITS}

    def remind_amazon(self, numbers: range) -> None:
        """Amazon again has what it had of these orders before it was started anew."""
        with self.database.environment() as env, self.account(env)._open_gateway() as gateway:
            for order in self.fulfillment_orders(env, numbers, "in_shipping"):
                gateway.create_fulfillment_order(order._prepare_create_request())


def _reference(number: int) -> str:
    return f"{NAME}-{number}"


def _customer(number: int, country: int) -> dict:
    return {
        "name": f"Customer {number}",
        "email": f"customer-{number}@example.com",
        "street": f"{number} Main Street",
        "city": "Portland",
        "zip": "97201",
        "country_id": country,
    }
