import psycopg2
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FbaCase
from .test_access import AccessCase

# What happens to each of our records where an administrator copies, archives or deletes it, or moves it to another
# company, on a screen or by an import. rights: nobody may; said: refused in words; taken: refused as a twin; done: see
# below.
DOORS = """
                            copy    archive  unlink  company  import
fba.account                 done    said     said    said     said
fba.account.keys            rights  -        rights  -        -
fba.amazon.order            rights  -        rights  rights   said
fba.backfill                rights  -        rights  rights   said
fba.backfill.month          rights  -        rights  rights   said
fba.call.count              rights  -        rights  rights   said
fba.discrepancy             rights  -        rights  rights   said
fba.first.sync              rights  -        rights  rights   said
fba.first.sync.line         rights  -        rights  rights   said
fba.fulfillment.order       rights  -        rights  rights   said
fba.fulfillment.order.line  rights  -        rights  rights   said
fba.package                 rights  -        rights  rights   said
fba.preview                 rights  -        rights  rights   said
fba.preview.fee             rights  -        rights  rights   said
fba.return.item             rights  -        rights  rights   said
fba.shipment                rights  -        rights  rights   said
fba.shipped.item            rights  -        rights  rights   said
fba.sighting                rights  -        rights  rights   said
fba.sku                     taken   -        done    rights   said
fba.sku.part                rights  -        rights  rights   said
fba.sourcing                rights  -        rights  rights   said
fba.stock                   rights  -        rights  rights   said
fba.task.lock               rights  -        rights  rights   said
"""


@tagged("post_install", "-at_install")
class TestDoors(AccessCase):
    def setUp(self):
        super().setUp()
        self.admin = self.users["admin"]
        self.admin.group_ids += self.env.ref("base.group_allow_export")
        self.elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.admin.company_ids += self.elsewhere

    def try_door(self, door, record):
        record = record.with_context(allowed_company_ids=(self.env.company + self.elsewhere).ids)
        if door == "company" and "company_id" not in record._fields or door == "archive" and "active" not in record:
            return "-"
        if door == "import":
            if "company_id" not in record._fields:
                return "-"
            loaded = record.load([".id", "company_id/.id"], [[str(record.id), str(self.elsewhere.id)]])
            return "said" if loaded["messages"] and not loaded["ids"] else "done"
        doors = {
            "copy": record.copy,
            "archive": record.action_archive,
            "unlink": record.unlink,
            "company": lambda: record.write({"company_id": self.elsewhere.id}),
        }
        doors[door]()
        self.env.flush_all()
        return "done"

    def outcome(self, door, record):
        """The outcome of one door, taken back."""
        try:
            with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                found = self.try_door(door, record)
                savepoint.rollback()
        except AccessError:
            found = "rights"
        except UserError:
            found = "said"
        except psycopg2.errors.UniqueViolation:
            found = "taken"
        self.env.invalidate_all()
        return found

    def test_every_door_of_every_record(self):
        doors, *rows = [row.split() for row in DOORS.strip().splitlines()]
        expected = {name: dict(zip(doors, outcomes, strict=True)) for name, *outcomes in rows}
        of_companies = {
            name
            for name in self.own_models()
            if not self.env[name]._transient and ("company_id" in self.env[name]._fields or name == "fba.account.keys")
        }
        self.assertEqual(set(expected), of_companies, "the table names all models of a company")
        for name, outcomes in expected.items():
            record = self.records[name].with_user(self.admin)
            self.assertTrue(record, name)
            with self.subTest(name):
                self.assertEqual({door: self.outcome(door, record) for door in doors}, outcomes)

    def test_reimport_of_what_was_exported_changes_nothing(self):
        for name in ("fba.account", "fba.sku", "fba.marketplace", "fba.carrier"):
            record = self.records[name].with_user(self.admin)
            names = [
                field.name
                for field in record._fields.values()
                if field.store and not field.readonly and field.exportable
                if field.type not in ("one2many", "many2many")
                if record._has_field_access(field, "write")
            ]
            before = record.read(names)
            columns = [f"{it}/.id" if record._fields[it].type == "many2one" else it for it in names]
            rows = record.with_context(import_compat=True).export_data([".id", *columns])["datas"]
            loaded = record.load([".id", *columns], [[str(it or "") for it in row] for row in rows])
            self.assertFalse(loaded["messages"], name)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(record.read(names), before, name)


@tagged("post_install", "-at_install")
class TestTies(FbaCase):
    """As an administrator: what live records forbid, and what is done without them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Manager",
                "login": "ties_manager",
                "group_ids": [Command.link(cls.env.ref("fba_connector.group_fba_manager").id)],
            }
        )
        cls.ours, cls.pool = cls.account.with_user(cls.manager), cls.afn.with_user(cls.manager)
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.manager.company_ids += cls.elsewhere
        cls.us, cls.ca = (cls.env.ref(f"fba_connector.marketplace_{code}") for code in ("us", "ca"))

    def refused(self, words, record, values):
        with self.subTest(values=values), self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            record.write(values)
        self.env.invalidate_all()

    def empty(self):
        """Nothing is left at Amazon."""
        for product in self.product_a + self.product_b:
            self.stock(self.afn, product, -self.on_hand(product))

    def test_many_ties_are_counted(self):
        for _order in range(5):
            self.sent({self.product_a: 1})
        self.refused(r"still has fulfillment orders (\S+, ){2}\S+ and 2 more\. Let them", self.ours, {"active": False})

    def test_account_with_an_order_at_amazon(self):
        order = self.sent({self.product_a: 1})
        for values in (
            {"active": False},
            {"company_id": self.elsewhere.id},
            {"environment": "sandbox"},
            {"region": "eu", "marketplace_ids": False},
            {"marketplace_ids": [Command.unlink(self.us.id)]},
        ):
            self.refused(f"still has .*{order.name}", self.ours, values)
        self.ours.write({"marketplace_ids": [Command.link(self.ca.id)]})
        self.ours.write({"marketplace_ids": [Command.unlink(self.ca.id)], "paused": True})
        self.ship(order, ("1Z", {"A": 1}))
        self.account.paused = False
        self.pull()
        self.ours.write({"active": False, "environment": "sandbox"})
        self.refused(
            f"cannot move.*{order.name}|{order.name}.*cannot move", self.ours, {"company_id": self.elsewhere.id}
        )
        with self.assertRaisesRegex(UserError, f"{order.name}.*cannot be deleted"):
            self.ours.unlink()

    def test_account_with_an_order_in_the_inbox(self):
        sale = self.sell_on_amazon(("A", 1, "10.00", {}), status="UNSHIPPED")
        self.run_job("import_amazon_orders")
        for values in ({"active": False}, {"environment": "sandbox"}, {"marketplace_ids": [Command.clear()]}):
            self.refused(f"Amazon orders {sale}", self.ours, values)

    def test_account_without_records_is_free(self):
        new = (
            self.env["fba.account"].with_user(self.manager).create(self.account_values("New", **self.another_seller()))
        )
        new.write({"region": "eu", "marketplace_ids": False, "environment": "sandbox"})
        new.write({"company_id": self.elsewhere.id})
        new.active = False
        self.assertEqual(new.task_lock_ids.company_id, self.elsewhere)
        new.unlink()

    def test_copy_of_an_account_does_nothing_by_itself(self):
        self.account.write({"auto_submit": True, "first_sync_confirmed": True, "import_from": "2026-11-01"})
        copy = self.ours.copy()
        self.assertEqual(copy.name, "Test store (copy)")
        self.assertFalse(copy.is_live or copy.first_sync_confirmed or copy.lwa_client_id or copy.afn_warehouse_ids)
        self.assertGreater(copy.import_from, fields.Datetime.subtract(fields.Datetime.now(), hours=1))
        self.assertEqual(len(copy.task_lock_ids), len(self.account.task_lock_ids))
        for job in ("push_fulfillment_orders", "pull_fulfillment_orders", "import_amazon_orders"):
            self.run_job(job)
        self.assertEqual(copy.connection_state, "untested")

    def test_warehouse_with_an_order_or_stock(self):
        order = self.sent({self.product_a: 1})
        other = self.env["fba.account"].create(self.account_values("Other", **self.another_seller()))
        for values in (
            {"active": False},
            {"is_afn": False},
            {"fba_account_id": other.id},
            {"fba_marketplace_id": self.ca.id},
        ):
            self.refused(f"still has fulfillment orders {order.name}", self.pool, values)
        self.refused("company", self.pool, {"company_id": self.elsewhere.id})
        self.pool.write({"is_afn": True, "fba_account_id": self.account.id, "name": "Same"})
        self.ship(order, ("1Z", {"A": 1}))
        self.pull()
        for values in ({"active": False}, {"is_afn": False}):
            self.refused(r"still has stock of \[A\] Product A", self.pool, values)
        with self.assertRaisesRegex(UserError, "cannot be archived or deleted"):
            self.pool.unlink()
        self.empty()
        self.env["stock.quant"]._update_available_quantity(self.product_a, self.afn.fba_held_location_id, 1)
        self.refused(r"still has stock of \[A\] Product A", self.pool, {"active": False})
        self.env["stock.quant"]._update_available_quantity(self.product_a, self.afn.fba_held_location_id, -1)
        self.pool.write({"active": False})
        self.pool.write({"active": True})
        with self.assertRaisesRegex(UserError, order.name):
            self.pool.unlink()

    def test_marketplace_in_use_is_not_deleted(self):
        self.account.marketplace_ids = self.us + self.ca
        for marketplace in self.us + self.ca:
            with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
                marketplace.with_user(self.manager).unlink()

    def test_sku_with_units_stays_in_its_warehouse(self):
        values = {"name": "Canada", "code": "TFBC", "is_afn": True, "fba_account_id": self.account.id}
        canada = self.env["stock.warehouse"].create({**values, "fba_marketplace_id": self.ca.id})
        row = self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "X", "fulfillable_quantity": 3})
        ours = row.with_user(self.manager)
        self.refused("Amazon has stock of X in Test FBA", ours, {"warehouse_id": canada.id})
        for values in ({"fulfillable_quantity": 9}, {"company_id": self.elsewhere.id}):
            with self.assertRaises(AccessError):
                ours.write(values)
        copy = ours.copy({"seller_sku": "Y"})
        self.assertEqual((copy.fulfillable_quantity, copy.warehouse_id), (0, self.afn))
        copy.warehouse_id = canada

    # === MERGED CONTACTS === #

    def merge(self, kept, others):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((kept + others).ids, kept)
        self.env.invalidate_all()

    def test_customer_merged_with_a_buyer_is_not_forgotten_like_one(self):
        for kept_is_buyer in (True, False):
            buyer, customer = self.env["res.partner"].create(
                [{"name": "Buyer", "fba_buyer_key": "k", "company_id": self.env.company.id}, {"name": "Customer"}]
            )
            kept, other = (buyer, customer) if kept_is_buyer else (customer, buyer)
            self.merge(kept, other)
            self.assertFalse(kept.fba_buyer_key)
        first, second = self.env["res.partner"].create([{"name": it, "fba_buyer_key": it} for it in ("One", "Two")])
        self.merge(first, second)
        self.assertEqual(first.fba_buyer_key, "One", "still a buyer")

    def test_contact_of_all_buyers_is_no_customer(self):
        everybody = self.us._get_customer()
        for kept, other in ((everybody, self.customer), (self.customer, everybody)):
            with self.assertRaisesRegex(UserError, "stands for all buyers"):
                self.merge(kept, other)
        self.merge(self.ca._get_customer(), everybody)
        self.assertEqual(self.us.customer_id, self.ca.customer_id)
