"""Two years of a shop in a database: orders, Amazon's part of each with a shipment and a package, and the inbox.

The shop sells as much every day, by four accounts in two companies. Its newest orders are open, in all states; the
others have ended. Rows are written by SQL, as copies of one of each kind.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from .database import Database

ADMINISTRATOR = 2
DAYS, OPEN = 730, 5_000
CUSTOMERS, SALESPEOPLE, PRODUCTS = 50_000, 20, 200

NAME = "'S' || lpad(n::text, 5, '0')"
DIGITS = "lpad((n::bigint * 618033988751 %% 999999999989)::text, 12, '0')"  # another twelve for each order
TRACKING = (
    f"CASE WHEN n %% 10 < 7 THEN 'TBA' || {DIGITS} WHEN n %% 10 < 9 THEN '1Z999AA1' || right({DIGITS}, 10) "
    f"ELSE '9361289678' || {DIGITS} END"
)
FACTS = (
    f"jsonb_build_object('displayable_order_id', {NAME}, 'displayable_at', '2026-01-01 12:00:00', "
    "'postal_code', '97201', 'country_code', 'US')"
)

# Of a hundred open orders.
WORK = {"waiting": 15, "ready": 8, "queued": 6, "submitting": 1, "exception": 6, "in_shipping": 64}
ACCOUNT_OF = (0, 0, 0, 0, 0, 0, 1, 1, 2, 3)  # of ten orders; the last is another company's


class Archive:
    """Orders are numbered from 1, the oldest, to `most`. A smaller archive holds the newest: of a younger shop."""

    def __init__(self, database: Database, most: int) -> None:
        self._database, self._most, self._oldest = database, most, most + 1
        self._open, self._customers = min(OPEN, most // 3), min(CUSTOMERS, most // 2)
        self._skus = [f"SKU-{number:03}" for number in range(min(PRODUCTS, most // 20))]
        self._now = datetime.now().replace(microsecond=0)
        with database.environment(ADMINISTRATOR) as env:
            self._sources = self._make_sources(env)
            self._make_few(env)
            self._base = {table: self._last_id(env, table) for table in ("res_partner", *self._sources)}
            self._write(env, "res_partner", range(1, self._customers + 1), self._customer())

    def example(self) -> dict[str, str]:
        """What people look for: of one of the first company's orders, of a middle age."""
        sale = self._base["sale_order"] + (self._oldest + self._most) // 2
        with self._database.environment(ADMINISTRATOR) as env:
            env.cr.execute(
                """SELECT sale.name, package.tracking_number, customer.name, line.seller_sku
                     FROM sale_order sale
                     JOIN fba_package package ON package.sale_id = sale.id
                     JOIN fba_fulfillment_order_line line ON line.sale_id = sale.id
                     JOIN res_partner customer ON customer.id = sale.partner_id
                    WHERE sale.id >= %s AND sale.company_id = 1 AND package.tracking_number LIKE 'TBA%%'
                    ORDER BY sale.id LIMIT 1""",
                [sale],
            )
            return dict(zip(("order", "tracking", "customer", "sku"), env.cr.fetchone(), strict=True))

    def bytes_an_order(self) -> dict[str, int]:
        """{table: its bytes an order}; "+" is of its indexes."""
        sizes, orders = {}, self._most - self._oldest + 1
        with self._database.environment(ADMINISTRATOR) as env:
            for table in self._sources:
                env.cr.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [table, table])
                sizes[table], sizes[f"{table} +"] = (size // orders for size in env.cr.fetchone())
        return sizes

    def fill(self, orders: int) -> None:
        """Up to as many, the newest."""
        numbers = range(self._most - orders + 1, self._oldest)
        self._oldest = numbers.start
        more = range(numbers.start + numbers.start % 2, numbers.stop, 2)  # orders with a second line
        with self._database.environment(ADMINISTRATOR) as env:
            for table, columns in self._columns().items():
                self._write(env, table, numbers, columns)
                if table.endswith("_line"):
                    self._write(env, table, more, columns | self._second_line(table, columns))
        self._database.vacuum()

    # === ROWS OF WHICH THERE ARE FEW === #

    def _make_sources(self, env) -> dict[str, int]:
        """{table: the row that is copied}."""
        sale = env["sale.order"].search([("partner_id.name", "=", "Ruth Blake")], limit=1)  # the demo's
        sale.action_fulfill_by_amazon()
        order = sale.fba_fulfillment_order_ids
        shipment = {"fulfillment_order_id": order.id, "amazon_shipment_id": "S", "status": "SHIPPED"}
        shipment = env["fba.shipment"].sudo().create(shipment)
        package = env["fba.package"].sudo().create({"shipment_id": shipment.id, "package_number": 1})
        sold = {"account_id": order.account_id.id, "amazon_order_id": "S", "payload": {}, "is_due": False}
        sold = env["fba.amazon.order"].sudo().create({**sold, "currency_id": sale.currency_id.id})
        self._currency_id = sale.currency_id.id
        lines = order.line_ids[:1]
        records = (sale, sale.order_line[:1], order, lines, shipment, package, sold)
        return {"res_partner": sale.partner_id.id, **{record._table: record.id for record in records}}

    def _make_few(self, env) -> None:
        other = env["res.company"].create({"name": "Company of the fourth account"})
        env.user.company_ids |= other
        env = env(su=True)
        market = env.ref("fba_connector.marketplace_us")
        companies = [env.company.id] * 3 + [other.id]
        values = {"environment": "custom", "api_endpoint": "http://localhost", "lwa_endpoint": "http://localhost"}
        keys = {"lwa_client_id": "C", "lwa_client_secret": "S", "marketplace_ids": market.ids}
        accounts = env["fba.account"].create(
            [
                {**values, **keys, "name": f"Account {number}", "refresh_token": f"T{number}", "company_id": company}
                for number, company in enumerate(companies)
            ]
        )
        warehouses = env["stock.warehouse"].create(
            [
                {
                    "name": account.name,
                    "code": f"B{account.id}",
                    "company_id": account.company_id.id,
                    "is_afn": True,
                    "fba_account_id": account.id,
                    "fba_marketplace_id": market.id,
                }
                for account in accounts
            ]
        )
        people = env["res.users"].create([{"name": f"P {n}", "login": f"p{n}"} for n in range(1, SALESPEOPLE)])
        products = env["product.product"].create(
            [{"name": f"Product of {sku}", "default_code": sku, "is_storable": True} for sku in self._skus]
        )
        self._accounts, self._companies, self._warehouses = (
            [ids[place] for place in ACCOUNT_OF] for ids in (accounts.ids, companies, warehouses.ids)
        )
        self._people, self._products = [ADMINISTRATOR, *people.ids], products.ids

    def _customer(self) -> dict[str, str]:
        name, id_ = "'Customer ' || lpad(n::text, 5, '0')", self._id("res_partner")
        mail = "'c' || n || '@example.com'"
        return {"id": id_, "commercial_partner_id": id_, "name": name, "complete_name": name, "email": mail}

    # === ROWS OF WHICH THERE ARE MANY === #

    def _columns(self) -> dict[str, dict[str, str]]:
        """{table: {column: SQL of the order's number `n`}}; other columns are as in the row that is copied."""
        moment = f"timestamp '{self._now}' - ({self._most} - n) * interval '{DAYS * 86400 / self._most} seconds'"
        is_open = f"n > {self._most - self._open}"
        work = [state for state, share in WORK.items() for _ in range(share)]
        ended = "CASE WHEN n %% 33 = 0 THEN 'cancelled' ELSE 'shipped' END"
        state = f"CASE WHEN {is_open} THEN {_pick(work, 'n * 37')} ELSE {ended} END"
        sent = f"{state} NOT IN ('waiting', 'ready', 'queued', 'submitting')"
        hours = "1 + n * 31 %% 100"
        sent_at = f"CASE WHEN {sent} THEN {moment} + interval '1 hour' END"
        shipped_at = f"CASE WHEN {state} = 'shipped' THEN {moment} + (1 + {hours}) * interval '1 hour' END"
        customer = self._id("res_partner", f"1 + n * 1009 %% {self._customers}")
        company, account, person = _pick(self._companies), _pick(self._accounts), _pick(self._people)
        sale, order = self._id("sale_order"), self._id("fba_fulfillment_order")
        exception = f"{state} = 'exception'"
        return {
            "sale_order": {
                "id": sale,
                "name": NAME,
                "state": "CASE WHEN n %% 33 = 0 THEN 'cancel' ELSE 'sale' END",
                "date_order": moment,
                "create_date": moment,
                "company_id": company,
                "user_id": person,
                "partner_id": customer,
                "partner_invoice_id": customer,
                "partner_shipping_id": customer,
                "amount_total": "10 + n %% 400",
                "fba_status": f"CASE WHEN {state} IN ('queued', 'submitting') THEN 'ready' ELSE {state} END",
            },
            "sale_order_line": {
                "id": self._id("sale_order_line"),
                "order_id": sale,
                "company_id": company,
                "order_partner_id": customer,
                "salesman_id": person,
                "product_id": _pick(self._products, "n * 1009"),
            },
            "fba_fulfillment_order": {
                "id": order,
                "name": f"{NAME} || '-1-' || substr(md5(n::text), 1, 8)",
                "sale_id": sale,
                "account_id": account,
                "company_id": company,
                "warehouse_id": _pick(self._warehouses),
                "partner_id": customer,
                "user_id": person,
                "date_order": moment,
                "create_date": moment,
                "state": state,
                "state_since": f"coalesce({shipped_at}, {moment})",
                "amazon_status": f"CASE WHEN NOT {is_open} THEN 'Complete' WHEN {sent} THEN 'Processing' END",
                "at_amazon": sent,
                "queued_at": f"CASE WHEN {state} NOT IN ('waiting', 'ready') THEN {moment} + interval '50 minutes' END",
                "submitted_at": sent_at,
                "first_sent_at": sent_at,
                "shipped_at": shipped_at,
                "hours_to_ship": f"CASE WHEN {state} = 'shipped' THEN {hours} ELSE 0 END",
                "shipping_speed": _pick(["Standard"] * 7 + ["Expedited"] * 2 + ["Priority"], "n / 10"),
                "estimated_fee": "4 + (n * 17 %% 900) / 100.0",
                "fee_currency_id": str(self._currency_id),
                "error_code": f"CASE WHEN {exception} THEN {_pick(['Unfillable', 'InvalidInput'])} END",
                "due_at": f"CASE WHEN {is_open} AND {sent} THEN {moment} + interval '2 hours' END",
                "late_at": f"CASE WHEN {is_open} THEN {moment} + interval '3 days' END",
                "queued_terms": "'Standard ' || n || '/' || n || ': 1'",
                "previewed_for": "md5(n::text) || md5((n + 1)::text)",
                "sent_facts": f"CASE WHEN {sent} THEN {FACTS} END",
                "people_forgotten": f"{moment} < timestamp '{self._now}' - interval '180 days'",
            },
            "fba_fulfillment_order_line": {
                "id": self._id("fba_fulfillment_order_line"),
                "order_id": order,
                "company_id": company,
                "sale_id": sale,
                "sale_line_id": self._id("sale_order_line"),
                "product_id": _pick(self._products, "n * 1009"),
                "seller_sku": _pick(self._skus, "n * 1009"),
            },
            "fba_shipment": {
                "id": self._id("fba_shipment"),
                "fulfillment_order_id": order,
                "company_id": company,
                "sale_id": sale,
                "amazon_shipment_id": "'B' || n",
                "shipped_at": shipped_at,
            },
            "fba_package": {
                "id": self._id("fba_package"),
                "fulfillment_order_id": order,
                "shipment_id": self._id("fba_shipment"),
                "company_id": company,
                "sale_id": sale,
                "tracking_number": f"CASE WHEN {sent} THEN {TRACKING} END",
            },
            "fba_amazon_order": {
                "id": self._id("fba_amazon_order"),
                "account_id": account,
                "company_id": company,
                "amazon_order_id": "'112-' || lpad((n / 100)::text, 7, '0') || '-' || lpad((n %% 100)::text, 7, '0')",
                "state": f"CASE WHEN {is_open} THEN 'pending' WHEN n %% 5000 = 0 THEN 'error' ELSE 'done' END",
                "ordered_at": moment,
                "amazon_updated_at": f"{moment} + interval '1 day'",
                "has_personal_data": is_open,
            },
        }

    def _second_line(self, table: str, columns: dict[str, str]) -> dict[str, str]:
        """What is another than in the first line of order `n`."""
        other = {"id": self._id(table, f"{self._most} + n"), "product_id": _pick(self._products, "n * 1009 + 1")}
        if "seller_sku" in columns:
            other |= {"seller_sku": _pick(self._skus, "n * 1009 + 1")}
            other |= {"sale_line_id": self._id("sale_order_line", f"{self._most} + n")}
        return other

    def _id(self, table: str, number: str = "n") -> str:
        return f"{self._base[table]} + {number}"

    def _last_id(self, env, table: str) -> int:
        from odoo.tools import SQL

        return env.execute_query(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))[0][0]

    def _write(self, env, table: str, numbers: range, columns: dict[str, str]) -> None:
        with self._quickly(env, table):
            self._database.copy(env, table, self._sources[table], numbers, **columns)

    @contextlib.contextmanager
    def _quickly(self, env, table: str) -> Iterator[None]:
        """Foreign keys are not checked, and indexes made anew afterwards."""
        from odoo.tools import SQL

        env.cr.execute("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '256MB'")
        env.cr.execute(
            """SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
                 FROM pg_index index
                 LEFT JOIN pg_constraint ON conindid = index.indexrelid AND contype IN ('p', 'u')
                WHERE index.indrelid = %s::regclass AND pg_constraint.oid IS NULL""",
            [table],
        )
        indexes = env.cr.fetchall()
        for name, _definition in indexes:
            env.cr.execute(SQL("DROP INDEX %s", SQL(name)))
        yield
        for _name, definition in indexes:
            env.cr.execute(definition)


def _pick(values: list, number: str = "n") -> str:
    """SQL of one of `values`, by a number."""
    return f"(ARRAY{values})[1 + ({number}) %% {len(values)}]"
