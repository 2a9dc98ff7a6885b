"""Deliveries of sale orders from an AFN warehouse: whichever of Odoo's doors somebody tries, Amazon ships them."""

import contextlib
import inspect
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from ..models.amazon_order import sale_order
from ..models.amazon_order import stock_picking as sold_picking
from ..models.fulfillment import sale_order_cancel, stock_picking
from ..models.sourcing import sale_order_line
from .common import FbaCase

MIXINS = ("mail.thread.cc", "mail.activity.mixin", "portal.mixin", "res.partner.industry")
# {model: {public method: its arguments}}; the others are called without any.
ARGUMENTS = {
    "stock.picking": {
        "action_add_entire_packs": ([],),
        "calculate_date_category": (False,),
        "date_category_to_domain": ("scheduled_date", "today"),
    },
    "stock.move": {
        "action_fba_release": (1,),
        "action_generate_lot_line_vals": ({"default_product_id": 0}, "generate", "1", 1, ""),
        "search_remaining_qty": ("=", 1),
        "split_lots": ("1",),
    },
    "stock.move.line": {"get_move_line_quant_match": (0, [], [])},
    "stock.package": {},
}
# Public methods that may end in an error of Odoo's own, of arguments that make no sense here.
NO_SENSE = (UserError, ValueError, TypeError, AttributeError, KeyError)


class DoorsCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse_man = cls.new_user(
            "Warehouse", "stock.group_stock_manager", "sales_team.group_sale_salesman_all_leads"
        )
        cls.clerk = cls.new_user("Clerk", "fba_connector.group_fba_user", "stock.group_stock_user")
        cls.clerk_in_sales = cls.new_user("Sales", "sales_team.group_sale_salesman_all_leads")
        cls.administrator = cls.new_user(
            "Admin",
            "fba_connector.group_fba_manager",
            "stock.group_stock_manager",
            "sales_team.group_sale_salesman_all_leads",
        )

    @classmethod
    def new_user(cls, name, *groups):
        return cls.env["res.users"].create(
            {"name": name, "login": name, "group_ids": [Command.link(cls.env.ref(group).id) for group in groups]}
        )

    def ready(self, units=4):
        return self.sourced({self.product_a: units}).fba_fulfillment_order_ids

    def public_methods(self, model):
        """What any client can call on `model`."""
        known = {name for mixin in MIXINS if mixin in self.env for name in dir(type(self.env[mixin]))}
        for name in sorted(set(dir(type(self.env[model]))) - known):
            method = getattr(type(self.env[model]), name)
            if not name.startswith("_") and inspect.isfunction(method) and not getattr(method, "_api_private", False):
                yield name

    def assert_holds(self, fulfillment, is_reserved=True):
        """The two rules, and what was sent is still reserved and as it was."""
        self.env.invalidate_all()
        line = fulfillment.sale_id.order_line
        self.assertEqual(line.qty_delivered, 0)
        self.assertFalse(line.move_ids.filtered(lambda move: move.state == "done"))
        for move in line.move_ids._fba_open()._fba_of_amazon():
            self.assertTrue(move.state == "draft" or move.fba_line_id, move.reference)
            self.assertEqual(move.picking_id.fba_fulfillment_order_id, move.fba_line_id.order_id)
        if not is_reserved:
            return
        reserved = sum(fulfillment.line_ids.move_ids._fba_open().mapped("quantity"))
        if fulfillment.at_amazon:
            self.assertEqual((reserved, fulfillment.line_ids.quantity, fulfillment.state), (4, 4, "in_shipping"))
        else:
            expected = "ready" if reserved == 4 else "waiting" if fulfillment.line_ids.quantity > reserved else "ready"
            self.assertEqual(fulfillment.state, expected if reserved or fulfillment.state == "waiting" else "cancelled")

    def assert_untouched(self, fulfillment):
        """Nothing is delivered, and each open move of the order belongs to a fulfillment order."""
        self.env.invalidate_all()
        order = fulfillment.sale_id
        self.assertEqual(order.order_line.qty_delivered, 0)
        for move in order.order_line.move_ids._fba_open():
            self.assertTrue(move.fba_line_id, move.reference)
            self.assertTrue(move.picking_id.fba_fulfillment_order_id, move.reference)
        self.assertEqual(sum(order.order_line.move_ids._fba_open().mapped("quantity")), 4)


def load(record, field, value):
    """As somebody imports a file."""
    messages = record.load([".id", field], [[str(record.id), value]])["messages"]
    if messages:
        raise UserError(messages[0]["message"])


@tagged("post_install", "-at_install")
class TestDoors(DoorsCase):
    def test_nothing_is_delivered_by_hand(self):
        """Before and after it is sent, as warehouse staff and as the administrator."""
        for prepare in (self.ready, lambda: self.sent({self.product_a: 4})):
            fulfillment = prepare()
            for user in (self.warehouse_man, self.administrator):
                for name, door in self.doors(fulfillment, user).items():
                    with self.subTest(door=name, user=user.name, state=fulfillment.state):
                        with self.assertRaises(UserError), self.cr.savepoint():
                            door()
                            self.env.flush_all()
                        self.assert_untouched(fulfillment)

    def test_whoever_validates_reads_who_completes_it(self):
        for prepare, words in (
            (self.ready, "after an FBA User has sent the order"),
            (lambda: self.sent({self.product_a: 4}), "its shipments complete deliveries"),
        ):
            fulfillment = prepare()
            picking = fulfillment.picking_ids.with_user(self.warehouse_man)
            with self.assertRaisesRegex(UserError, words) as refused, self.cr.savepoint():
                picking.button_validate()
            for name in (picking.name, fulfillment.sale_id.name, "Handle by Hand"):
                self.assertIn(name, str(refused.exception))

    def test_refusal_of_many_deliveries_is_short(self):
        orders = self.env["sale.order"].union(*(self.sourced({self.product_a: 1}) for _order in range(5)))
        with self.assertRaisesRegex(UserError, "and 2 more") as refused, self.cr.savepoint():
            orders.picking_ids.with_user(self.warehouse_man).button_validate()
        self.assertEqual(sum(name in str(refused.exception) for name in orders.mapped("name")), 3)

    def test_public_methods(self):
        """Everything that a client can call of a delivery, its moves, reservations, batch, package and stock."""
        for prepare in (self.ready, lambda: self.sent({self.product_a: 4})):
            fulfillment = prepare()
            picking = fulfillment.picking_ids
            quants = self.env["stock.quant"]._gather(self.product_a, self.afn.lot_stock_id)
            records = [picking, picking.move_ids, picking.move_line_ids, quants]
            if "stock.picking.batch" in self.env:
                batch = self.env["stock.picking.batch"].create({"picking_ids": [Command.set(picking.ids)]})
                batch.action_confirm()
                records.append(batch)
            for record in records:
                arguments = ARGUMENTS.get(record._name, {})
                for name in self.public_methods(record._name):
                    with self.subTest(model=record._name, method=name, state=fulfillment.state):
                        savepoint = self.cr.savepoint()
                        try:
                            with contextlib.suppress(*NO_SENSE), self.cr.savepoint():
                                getattr(record.with_user(self.warehouse_man), name)(*arguments.get(name, ()))
                                self.env.flush_all()
                            # Who counts stock by hand may find that there is none.
                            self.assert_holds(fulfillment, is_reserved=record._name != "stock.quant")
                        finally:
                            savepoint.close(rollback=True)
                            self.env.invalidate_all()

    def doors(self, fulfillment, user):
        picking = fulfillment.picking_ids.with_user(user)
        move, line, sale_line = picking.move_ids, picking.move_line_ids, fulfillment.sale_id.with_user(user).order_line
        values = {"product_id": move.product_id.id, "quantity": 1, "picked": True}
        where = {"location_id": move.location_id.id, "location_dest_id": move.location_dest_id.id}

        def validate_copy():
            copy = picking.copy()
            copy.move_ids.write({"quantity": 4, "picked": True})
            copy.button_validate()

        def validate_with_wizard():
            move.write({"quantity": 1, "picked": True})
            Form.from_action(picking.env, picking.button_validate()).save().process()

        return {
            "Validate": picking.button_validate,
            "Validate, no backorder": picking.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=picking.ids
            ).button_validate,
            "Validate, any context": picking.with_context(
                fba_booking=True, fba_has_left=True, fba_launching=True
            ).button_validate,
            "Validate a part": validate_with_wizard,
            "Validate a copy": validate_copy,
            "state of the move": lambda: move.write({"state": "done"}),
            "cancelled state of the move": lambda: move.write({"state": "cancel"}),
            "state of the delivery": lambda: picking.write({"state": "done"}),
            "sale line of the move": lambda: move.write({"sale_line_id": False}),
            "sale order of the delivery": lambda: picking.write({"sale_id": False}),
            "unit of the move": lambda: move.write({"product_uom": self.env.ref("uom.product_uom_dozen").id}),
            "import of the move's unit": lambda: load(
                move, "product_uom/.id", self.env.ref("uom.product_uom_dozen").id
            ),
            "product of the move": lambda: move.write({"product_id": self.product_b.id}),
            "type of the delivery": lambda: picking.write({"picking_type_id": self.own.out_type_id.id}),
            "location of the move": lambda: move.write({"location_id": self.own.lot_stock_id.id}),
            "location of the delivery": lambda: picking.write({"location_id": self.own.lot_stock_id.id}),
            "location of the reservation": lambda: line.write({"location_id": self.own.lot_stock_id.id}),
            "a done move": lambda: move.create(
                {**values, **where, "picking_id": picking.id, "sale_line_id": sale_line.id, "state": "done"}
            ),
            "a done move of its own": lambda: move.create(
                {
                    **values,
                    **where,
                    "picking_type_id": picking.picking_type_id.id,
                    "sale_line_id": sale_line.id,
                    "state": "done",
                }
            ),
            "a done move without an operation": lambda: move.create(
                {**values, **where, "sale_line_id": sale_line.id, "state": "done"}
            ),
            "destination of the delivery": lambda: picking.write({"location_dest_id": self.own.lot_stock_id.id}),
            "warehouse of the operation type": lambda: picking.picking_type_id.write({"warehouse_id": self.own.id}),
            "delivered quantity": lambda: sale_line.write({"qty_delivered": 4}),
            "import of the move's state": lambda: load(move, "state", "done"),
            "import of the delivery's state": lambda: load(picking, "state", "done"),
            "import of the move's sale line": lambda: load(move, "sale_line_id/.id", ""),
        }

    def test_done_move_is_no_delivery_of_an_order_afterwards(self):
        """Made without the order, which nobody forbids, and tied to it when it is done."""
        for prepare in (self.ready, lambda: self.sent({self.product_a: 4})):
            fulfillment = prepare()
            sale_line = fulfillment.sale_id.order_line
            values = {
                "product_id": self.product_a.id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "location_id": self.afn.lot_stock_id.id,
                "location_dest_id": self.customer.property_stock_customer.id,
            }
            move = self.env["stock.move"].with_user(self.warehouse_man).create(values)
            move._action_done()
            self.assertEqual(move.state, "done")
            for name, door in self.doors_of_a_done_move(move, sale_line).items():
                with self.subTest(door=name, state=fulfillment.state):
                    with self.assertRaisesRegex(UserError, "Amazon ships"), self.cr.savepoint():
                        door()
                        self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertFalse(move.sale_line_id)
                    self.assertEqual(sale_line.qty_delivered, 0)

    def doors_of_a_done_move(self, move, sale_line):
        linked = [Command.link(move.id)]
        return {
            "order of a done move": lambda: move.write({"sale_line_id": sale_line.id}),
            "import of a done move's order": lambda: load(move, "sale_line_id/.id", sale_line.id),
            "done move of the order's line": lambda: sale_line.with_env(move.env).write({"move_ids": linked}),
        }

    def test_reservations_at_amazon_stay(self):
        """Detailed operations of what Amazon works on, as a clerk."""
        fulfillment = self.sent({self.product_a: 4})
        line = fulfillment.picking_ids.move_line_ids.with_user(self.clerk)
        for name, door in {
            "deleted": line.unlink,
            "lowered": lambda: line.write({"quantity": 1}),
            "picked": lambda: line.write({"picked": True}),
            "moved to another move": lambda: line.write({"move_id": False}),
            "moved to another delivery": lambda: line.write({"picking_id": False}),
            "added": lambda: line.copy({"quantity": 1}),
            "the move deleted": line.move_id.unlink,
            "all deleted": lambda: line.picking_id.write({"move_line_ids": [Command.clear()]}),
            "goods added": lambda: line.picking_id.write(
                {
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.product_b.id,
                                "product_uom_qty": 1,
                                "location_id": line.location_id.id,
                                "location_dest_id": line.location_dest_id.id,
                            }
                        )
                    ]
                }
            ),
        }.items():
            with self.subTest(door=name):
                with self.assertRaises(UserError), self.cr.savepoint():
                    door()
                    self.env.flush_all()
                self.assert_untouched(fulfillment)

    def test_own_delivery_takes_nothing_from_amazons_stock(self):
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 4})
        order.action_confirm()
        move = order.picking_ids.move_ids.with_user(self.warehouse_man)
        for name, door in {
            "move": lambda: move.write({"location_id": self.afn.lot_stock_id.id}),
            "reservation": lambda: move.move_line_ids.write({"location_id": self.afn.lot_stock_id.id}),
            "delivery": lambda: move.picking_id.write({"location_id": self.afn.lot_stock_id.id}),
        }.items():
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, "Sourcing tab"), self.cr.savepoint():
                    door()
        move.picking_id.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_administrator_takes_an_unsent_delivery_out_of_amazons_hands(self):
        fulfillment = self.ready()
        order, picking = fulfillment.sale_id, fulfillment.picking_ids
        picking.with_user(self.administrator).action_fba_force()
        self.assertEqual((fulfillment.state, order.fba_status), ("cancelled", "cancelled"))
        self.assertIn("out of Amazon's hands", order.message_ids[0].body.unescape())
        self.assertIn("Admin", order.message_ids[0].author_id.name)
        picking.with_user(self.warehouse_man).button_validate()
        self.assertEqual((picking.state, order.order_line.qty_delivered), ("done", 4))
        self.assert_adds_up(order)

    def test_exchange_is_sent_by_amazon(self):
        """From the order's own warehouse, until somebody asks for Amazon; else from the AFN warehouse."""
        for warehouse in self.own, self.afn:
            with self.subTest(warehouse=warehouse.name):
                self.stock(self.afn, self.product_a, 10)
                order = self.sell({self.product_a: 4}, warehouse_id=warehouse.id)
                order.action_confirm()
                fulfillment = order.fba_fulfillment_order_ids
                if not fulfillment:
                    order.action_fulfill_by_amazon()
                    fulfillment = order.fba_fulfillment_order_ids
                fulfillment.action_submit()
                self.push()
                self.ship(fulfillment, ("1Z", {"A": 4}))
                self.pull()
                self.exchange(fulfillment.sale_id, fulfillment.picking_ids)

    def test_exchange_of_an_order_sold_on_amazon_is_sent_by_amazon(self):
        sale = self.sell_on_amazon(("A", 4, "40.00", {}), status="SHIPPED")
        self.run_job("import_amazon_orders")
        order = self.env["sale.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(order.fba_status, "shipped")
        self.exchange(order, order.picking_ids)
        self.env.invalidate_all()
        self.assertEqual(order.fba_status, "in_shipping")

    def exchange(self, order, delivery):
        """Two of four come back and are sent again, as support does it."""
        order.partner_shipping_id.write({"street": "1 Main Street", "city": "Portland", "zip": "97201"})
        wizard = self.env["stock.return.picking"].with_user(self.warehouse_man).create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 2
        wizard.action_create_exchanges()
        self.env.invalidate_all()
        if not order.warehouse_id.is_afn:
            order.with_user(self.clerk_in_sales).action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids.filtered(lambda it: it.state == "ready")
        self.assertEqual(fulfillment.line_ids.mapped("quantity"), [2])
        self.assertEqual(order.fba_status, "ready")
        fulfillment.with_user(self.clerk).action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)

    def test_automation_sends_no_copy(self):
        self.account.auto_submit = True
        fulfillment = self.sourced({self.product_a: 4}).fba_fulfillment_order_ids
        self.assertEqual(fulfillment.state, "queued")
        copy = fulfillment.picking_ids.with_user(self.warehouse_man).copy()
        copy.action_confirm()
        copied = copy.sudo().fba_fulfillment_order_id
        self.assertEqual(copied.state, "ready")
        self.assertIn("exceed what", copied.error_message)
        self.assertEqual(copied.error_message.sentence.code, "beyond_ordered")

    def test_split_deliveries_stay_one_order(self):
        """By Odoo's Split and by hand, before it is sent; Amazon's shipment is booked whole."""
        for split in (self.split_in_odoo, self.split_by_copy):
            with self.subTest(split.__name__):
                fulfillment = self.sourced({self.product_a: 2, self.product_b: 1}).fba_fulfillment_order_ids
                split(fulfillment.picking_ids.with_user(self.warehouse_man))
                self.env.invalidate_all()
                self.assertEqual(len(fulfillment.picking_ids), 2)
                fulfillment.action_submit()
                self.push()
                self.ship(fulfillment, ("1Z", {"A": 2, "B": 1}))
                self.pull()
                self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
                self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [2, 1])
                self.assertEqual(fulfillment.sale_id.picking_ids.mapped("state"), ["done"])
                self.assertFalse(fulfillment.shipment_ids.filtered("difference"))

    def split_in_odoo(self, picking):
        picking.move_ids.filtered(lambda move: move.product_id == self.product_b).quantity = 0
        picking.action_split_transfer()
        (picking.sale_id.picking_ids - picking).action_assign()

    def split_by_copy(self, picking):
        """As waves and OCA's stock_split_picking do."""
        move = picking.move_ids.filtered(lambda move: move.product_id == self.product_b)
        copy = picking.copy({"move_ids": [], "move_line_ids": []})
        move.write({"picking_id": copy.id})
        move.move_line_ids.write({"picking_id": copy.id})

    def test_lock_protects_what_was_agreed_not_where_it_comes_from(self):
        self.product_a.default_code = "A"
        order = self.sell({self.product_a: 4})
        order.action_confirm()
        order.locked = True
        order.with_user(self.administrator).action_fulfill_by_amazon()
        self.assertEqual(order.fba_fulfillment_order_ids.line_ids.quantity, 4)
        order.fba_fulfillment_order_ids.line_ids.move_ids.with_user(self.administrator).action_fba_release()
        self.assertEqual(order.order_line.fba_unsourced_qty, 4)
        wizard = self.env["fba.resolve.wizard"].with_context(default_sale_id=order.id).create({})
        wizard.line_ids.choice = "drop"
        with self.assertRaisesRegex(UserError, "locked"):
            wizard.action_confirm()
        wizard.line_ids.choice = "amazon"
        wizard.action_confirm()
        self.assertEqual(order.fba_status, "ready")


# What only the connector fills in, and how any client may try to bring it with a new record.
FILLED_IN = {
    "sale.order": sale_order_cancel.OURS | sale_order.OURS,
    "sale.order.line": sale_order_line.OURS,
    "stock.picking": stock_picking.OURS | sold_picking.OURS,
}


@tagged("post_install", "-at_install")
class TestDoorsOfNewRecords(DoorsCase):
    def value(self, field):
        """Something that this field can hold."""
        if field.type == "many2one":
            return (self.env[field.comodel_name].search([], limit=1) or self.afn).id
        return {"boolean": True, "float": 1.0}.get(field.type, "X")

    def new(self, model):
        """(the user who makes such records, values of a new one)."""
        order = self.sell({self.product_a: 2})
        kind = self.own.out_type_id
        places = {"location_id": kind.default_location_src_id.id, "location_dest_id": self.own.lot_stock_id.id}
        return {
            "sale.order": (self.clerk_in_sales, {"partner_id": self.customer.id}),
            "sale.order.line": (self.clerk_in_sales, {"order_id": order.id, "product_id": self.product_a.id}),
            "stock.picking": (self.warehouse_man, {"picking_type_id": kind.id, **places}),
        }[model]

    def test_nothing_that_the_connector_fills_in_comes_with_a_new_record(self):
        for model, names in FILLED_IN.items():
            user, values = self.new(model)
            Model = self.env[model].with_user(user)
            plain = Model.create(values)
            for name in sorted(names):
                filled_in = {name: self.value(Model._fields[name])}
                for way, door in self.doors_of(plain, values, filled_in).items():
                    with self.subTest(model=model, field=name, way=way):
                        with self.assertRaisesRegex(AccessError, name), self.cr.savepoint():
                            door()

    def doors_of(self, plain, values, filled_in):
        by_default = plain.with_context(**{f"default_{name}": value for name, value in filled_in.items()})
        return {
            "value of a new record": lambda: plain.create({**values, **filled_in}),
            "value of one of several": lambda: plain.create([values, {**values, **filled_in}]),
            "default in the context": lambda: by_default.create(values),
            "value of a copy": lambda: plain.copy(filled_in),
            "default in the context of a copy": by_default.copy,
        }

    def test_nor_with_the_lines_of_a_new_order(self):
        """Odoo itself keeps defaults for orders from their lines."""
        user, values = self.new("sale.order")
        line = {"product_id": self.product_a.id}
        Order = self.env["sale.order"].with_user(user)
        for name in sorted(sale_order_line.OURS):
            value = self.value(self.env["sale.order.line"]._fields[name])
            with self.subTest(field=name):
                with self.assertRaisesRegex(AccessError, name), self.cr.savepoint():
                    Order.create({**values, "order_line": [Command.create({**line, name: value})]})
                order = Order.with_context(**{f"default_{name}": value}).create(
                    {**values, "order_line": [Command.create(line)]}
                )
                self.assertFalse(order.order_line[name])


@tagged("post_install", "-at_install")
class TestDoorsOverHttp(DoorsCase, HttpCase):
    def test_programs_are_refused_in_words(self):
        """`/json/2`, as another program with the key of warehouse staff."""
        fulfillment = self.ready()
        picking = fulfillment.picking_ids
        key = self.env["res.users.apikeys"].with_user(self.warehouse_man).sudo()._generate(None, "program", None)
        for record, method, arguments in (
            (picking, "button_validate", {}),
            (picking, "write", {"vals": {"state": "done"}}),
            (picking.move_ids, "write", {"vals": {"state": "done"}}),
            (picking.move_ids, "write", {"vals": {"sale_line_id": False}}),
        ):
            with self.subTest(model=record._name, method=method, **arguments):
                answer = self.url_open(
                    f"/json/2/{record._name}/{method}",
                    data=json.dumps({"ids": record.ids, **arguments}),
                    headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
                )
                self.assertIn(answer.status_code, (403, 422), answer.text)
                self.assertRegex(answer.json()["message"], "Amazon|fulfillment order")
                self.assert_untouched(fulfillment)
