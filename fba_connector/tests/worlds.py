"""Worlds: settings and states of Odoo under which the core and schedules of bad days run (`make worlds`).

A world changes a test's company (`prepare` before its records are made, `begin` after), how orders are made, confirmed
and worked on, and may look at the end. `elsewhere` names core tests that assume another setting, with the reason.
Imports nothing of Odoo: `make worlds` reads the names here.
"""

import contextlib
import json
import os
import time
from datetime import datetime, timedelta

import requests


class World:
    """Odoo as all other tests have it."""

    modules: tuple[str, ...] = ()  # of Odoo, beside the add-on's own
    languages: tuple[str, ...] = ()
    needs_sqs = False  # an SQS server: outside CI
    beside = ""  # pins of add-ons of others, in requirements/: fetched from PyPI, outside CI
    context: dict[str, object] = {}  # of scheduled actions
    elsewhere: dict[str, str] = {}  # test or file -> why what it expects is not so here
    factor = 1  # of stock: an order's 2 are 2 × factor pieces in schedules

    @property
    def name(self):
        return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(self).__name__)[1:]

    def reason(self, case):
        """Why a test is left out; None: it is not."""
        return self.elsewhere.get(case._testMethodName) or self.elsewhere.get(type(case).__name__)

    def prepare(self, case):
        """Before the company's records are made."""

    def begin(self, case):
        """When account, warehouses, two products and the customer are there."""

    def product(self, case):
        """Values of a new product."""
        return {}

    def made(self, case, product):
        """After a product was made."""

    def stock(self, case, warehouse, product, quantity):
        """Units come to a warehouse, or go."""
        case.env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, quantity)

    def line(self, case, product, quantity):
        """Values of an order line."""
        return {"product_id": product.id, "product_uom_qty": quantity}

    def order(self, case, order):
        """A new quotation, as whoever works on it."""
        return self.person(case, order)

    def confirm(self, case, order):
        order.action_confirm()

    def person(self, case, records):
        """As whoever works on orders."""
        return records

    def sender(self, case, records):
        """As whoever sends orders to Amazon."""
        return self.person(case, records)

    def before_job(self, case):
        """Each time that a scheduled action runs."""

    def after_job(self, case):
        """When it has run."""

    def work(self, env, method):
        """A scheduled action of the account's, in schedules of bad days."""
        getattr(env["fba.account"], method)()

    def delivered(self, line):
        """(internal reference, pieces) of a line."""
        quantity = line.product_uom_id._compute_quantity(line.qty_delivered, line.product_id.uom_id)
        return line.product_id.default_code, quantity

    def end(self, case):
        """What has to hold after a test, or at the end of a schedule."""


def switch_on(case, *groups):
    """Settings that are groups of all internal users."""
    for group in groups:
        case.env.ref("base.group_user").implied_ids |= case.env.ref(group)


def user(case, login, *groups, **values):
    found = case.env["res.users"].search([("login", "=", login)])
    return found or case.env["res.users"].create(
        {
            "name": login.title(),
            "login": login,
            "email": f"{login}@example.com",
            "group_ids": [(4, case.env.ref(group).id) for group in groups],
            "company_id": case.env.company.id,
            "company_ids": [(4, case.env.company.id)],
            **values,
        }
    )


def another_company(case, name, currency="USD", **values):
    """The company that the test's records belong to from now on."""
    money = case.env["res.currency"].with_context(active_test=False).search([("name", "=", currency)])
    money.active = True
    company = case.env["res.company"].create({"name": name, "currency_id": money.id, **values})
    if currency != "USD":  # in which Amazon sells: without a rate its orders wait
        case.env["res.currency.rate"].create(
            {"currency_id": case.env.ref("base.USD").id, "company_id": company.id, "name": "2020-01-01", "rate": 1.25}
        )
    case.env = case.env(context={**case.env.context, "allowed_company_ids": company.ids})
    return company


class LockedSales(World):
    """*Lock Confirmed Sales*."""

    elsewhere = dict.fromkeys(
        [
            "test_queued_order_that_is_changed_is_not_sent_unseen",
            "test_quantity_changes_follow_while_unsent",
            "test_at_amazon_nothing_is_changed_by_hand",
            "test_line_can_be_lowered_to_what_was_delivered",
            "test_rest_of_an_exception_is_cancelled_at_amazon",
            "TestCancelling",
            "test_drop",
            "test_the_long_way",
            "test_lowering_spares_what_was_sent",
            "test_raising_goes_beside_what_was_sent",
            "test_later_change_of_quantity_keeps_amazons_price",
        ],
        "changes or cancels what was agreed, which a lock forbids",
    )

    def prepare(self, case):
        switch_on(case, "sale.group_auto_done_setting")


class ClosedPeriod(World):
    """A bookkeeper closes each day when the next begins."""

    elsewhere = {"test_amazons_dates_are_kept": "booked on the first open day"}

    def begin(self, case):
        lines = case.env["account.bank.statement.line"].search([("is_reconciled", "=", False)])
        lines.statement_id.unlink()
        lines.unlink()  # of the demo: Odoo closes nothing over them
        self.after_job(case)

    def before_job(self, case):
        self.close(case, getattr(case, "now", None) or case.env.cr.now())

    def after_job(self, case):
        self.close(case, case.env.cr.now())  # people order today, by their own clocks

    def close(self, case, now):
        case.env.company.fiscalyear_lock_date = now.date() - timedelta(days=1)


class PropagateUom(World):
    """Moves in the unit of the order line (`stock.propagate_uom`), which is a dozen here."""

    factor = 12

    def delivered(self, line):
        code, pieces = super().delivered(line)
        return code, round(pieces)  # 1.58 dozens are 19 pieces

    def prepare(self, case):
        switch_on(case, "uom.group_uom")
        case.env["ir.config_parameter"].set_param("stock.propagate_uom", "1")

    def line(self, case, product, quantity):
        if case.in_schedules:
            return {**super().line(case, product, quantity), "product_uom_id": case.env.ref("uom.product_uom_dozen").id}
        return super().line(case, product, quantity)


class Dozens(PropagateUom):
    """Order lines in dozens, moves in pieces."""

    def prepare(self, case):
        switch_on(case, "uom.group_uom")


class Pairs(World):
    """Order lines in pairs: 3 pieces are 1.5 of them."""

    elsewhere = dict.fromkeys(
        [
            "test_button_when_reserved_elsewhere_is_refused_until_released",
            "test_release_of_unsent_line_frees_stock_and_cancels",
            "test_queued_order_that_is_changed_is_not_sent_unseen",
            "test_quantity_changes_follow_while_unsent",
            "test_at_amazon_nothing_is_changed_by_hand",
            "test_dozens_are_sourced_as_pieces",
            "test_dozens_are_sent_as_pieces",
            "test_dozen_of_which_a_part_is_unfillable_stays_whole_pieces",
            "test_unfillable_quantity_is_freed_and_an_exception",
            "test_line_can_be_lowered_to_what_was_delivered",
            "test_odoos_return_goes_to_the_own_warehouse",
            "test_cancelled_order_waits_for_amazon_to_agree",
            "test_the_long_way",
            "test_lowering_spares_what_was_sent",
            "test_raising_goes_beside_what_was_sent",
            "TestResolve",
        ],
        "counts an order line in pieces",
    )

    def prepare(self, case):
        switch_on(case, "uom.group_uom")
        unit = case.env.ref("uom.product_uom_unit")
        self.pair = case.env["uom.uom"].create({"name": "Pair", "relative_factor": 2, "relative_uom_id": unit.id})

    def line(self, case, product, quantity):
        return {"product_id": product.id, "product_uom_qty": quantity / 2, "product_uom_id": self.pair.id}


class Tracked(World):
    """Products by lot; the own warehouse has lots, Amazon's stock none."""

    tracking = "lot"
    elsewhere = {"test_odoos_return_goes_to_the_own_warehouse": "whoever receives the return enters its lot"}

    def prepare(self, case):
        switch_on(case, "stock.group_production_lot")

    def product(self, case):
        return {"tracking": self.tracking}

    def stock(self, case, warehouse, product, quantity):
        if warehouse.is_afn or quantity < 0:
            return super().stock(case, warehouse, product, quantity)
        parts = [1] * int(quantity) if self.tracking == "serial" else [quantity]
        for part in parts:
            count = case.env["stock.lot"].search_count([("product_id", "=", product.id)])
            values = {"name": f"{product.default_code}-{count + 1}", "product_id": product.id}
            lot = case.env["stock.lot"].create(values)
            case.env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, part, lot_id=lot)
        return None


class Serials(Tracked):
    """Products by serial number; the own warehouse has them, Amazon's stock none."""

    tracking = "serial"


class Kits(World):
    """All that is sold is a kit (of one component)."""

    modules = ("sale_mrp",)
    elsewhere = dict.fromkeys(
        [
            "test_split_takes_the_available_part",
            "test_cancelled_order_waits_for_amazon_to_agree",
            "test_the_long_way",
            "test_lowering_spares_what_was_sent",
        ],
        "a kit is not split",
    )

    def made(self, case, product):
        values = {"name": f"Kit of {product.name}", "is_storable": True, "list_price": 10, "taxes_id": False}
        kit = case.env["product.product"].create({**values, "default_code": f"KIT-{product.default_code}"})
        bill = case.env["mrp.bom"].create({"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom"})
        case.env["mrp.bom.line"].create({"bom_id": bill.id, "product_id": product.id, "product_qty": 1})

    def line(self, case, product, quantity):
        kit = case.env["product.product"].search([("default_code", "=", f"KIT-{product.default_code}")])
        return super().line(case, kit or product, quantity)

    def delivered(self, line):
        code, quantity = super().delivered(line)
        return (code or "").removeprefix("KIT-"), quantity


class Mto(World):
    """The own warehouse buys products for each order (*Replenish on Order*); sold from Amazon, nothing is bought."""

    modules = ("sale_purchase_stock",)
    route = "stock.route_warehouse0_mto"
    elsewhere = dict.fromkeys(
        [
            "TestSourcing",
            "TestAutomation",
            "TestSubmit",
            "TestPush",
            "TestPull",
            "TestFollow",
            "TestCancelling",
            "TestResolve",
            "TestOrderChanges",
            "TestShipmentMail",
            "TestKits",
            "test_echo_of_our_own_order_is_linked_not_imported",
            "test_sent_order_keeps_its_stock_until_it_is_booked",
            "test_less_stock_than_reserved_takes_back_the_youngest_unsent",
            "test_own_orders_sent_meanwhile_keep_their_units",
        ],
        "sends own orders, for which these products are bought",
    ) | {"test_later_change_of_quantity_keeps_amazons_price": "a person raises the quantity, and Odoo buys it"}

    def product(self, case):
        routes = case.env.ref(self.route) + case.env.ref("purchase_stock.route_warehouse0_buy", False)
        routes.active = True
        vendor = case.env["res.partner"].create({"name": "Vendor"})
        seller = {"partner_id": vendor.id, "price": 5}
        return {"route_ids": [(6, 0, routes.ids)], "seller_ids": [(0, 0, seller)], "purchase_ok": True}

    def end(self, case):
        bought = case.env["purchase.order.line"].search([("product_id", "in", (case.product_a + case.product_b).ids)])
        sales = case.env["sale.order"].search([("name", "in", bought.order_id.mapped("origin"))])
        imported = sales.filtered("amazon_order_id")
        assert not imported, f"bought for what Amazon has shipped: {imported.mapped('amazon_order_id')}"


class Dropship(Mto):
    """Products whose own way is the vendor's delivery to the customer."""

    modules = ("stock_dropshipping",)
    route = "stock_dropshipping.route_drop_shipping"
    elsewhere = Mto.elsewhere | {"TestBadDays": "adds up moves; until the purchase is confirmed, a dropship has none"}


class TwoSteps(World):
    """The own warehouse picks, then ships."""

    steps = "pick_ship"

    def begin(self, case):
        switch_on(case, "stock.group_adv_location", "stock.group_stock_multi_locations")
        case.own.delivery_steps = self.steps


class ThreeSteps(TwoSteps):
    """The own warehouse picks, packs, then ships, and receives in three steps."""

    steps = "pick_pack_ship"
    elsewhere = {"test_odoos_return_goes_to_the_own_warehouse": "a return comes to the warehouse's input first"}

    def begin(self, case):
        case.own.reception_steps = "three_steps"
        return super().begin(case)


class Consignment(World):
    """Half of the stock belongs to somebody else, at Amazon too."""

    def prepare(self, case):
        switch_on(case, "stock.group_tracking_owner")
        self.owner = case.env["res.partner"].create({"name": "Owner"})

    def stock(self, case, warehouse, product, quantity):
        if quantity < 2:
            return super().stock(case, warehouse, product, quantity)
        theirs, place = quantity // 2, warehouse.lot_stock_id
        case.env["stock.quant"]._update_available_quantity(product, place, theirs, owner_id=self.owner)
        return super().stock(case, warehouse, product, quantity - theirs)


class Companies(World):
    """A second company's account; the first has the same SKUs."""

    def prepare(self, case):
        env = case.env
        for sku in ("A", "B"):
            values = {"name": f"{sku} of the first", "default_code": sku, "is_storable": True}
            env["product.product"].create({**values, "company_id": env.company.id})
        another_company(case, "Second")


class Branches(World):
    """A branch's account; the products are its parent's."""

    def prepare(self, case):
        self.parent = case.env.company
        another_company(case, "Branch", parent_id=self.parent.id)

    def product(self, case):
        return {"company_id": self.parent.id}


class Currency(World):
    """A company in Swiss francs sells on Amazon in the United States."""

    def prepare(self, case):
        another_company(case, "Swiss", "CHF")


class Clerk(World):
    """An FBA user, not the superuser, makes, confirms, sources and sends."""

    groups = ("fba_connector.group_fba_user",)

    def begin(self, case):
        self.who = user(case, "world_clerk", *self.groups)

    def person(self, case, records):
        return records.sudo(False).with_user(self.who)


class Salesperson(Clerk):
    """A salesperson works on own orders; an FBA user sends them."""

    groups = ("sales_team.group_sale_salesman",)
    elsewhere = dict.fromkeys(
        [
            "test_queued_order_that_is_changed_is_not_sent_unseen",
            "test_wizard_counts_orders_and_says_what_is_skipped_and_why",
            "test_rejected_order_is_an_exception_and_retried_with_the_same_id",
            "test_line_released_before_sending_is_not_sent",
            "test_dozen_of_which_a_part_is_unfillable_stays_whole_pieces",
            "test_rest_of_an_exception_is_cancelled_at_amazon",
            "test_short_stock_sends_unsent_orders_back_to_waiting",
            "TestCancelling",
            "test_lowering_spares_what_was_sent",
            "test_each_shipment_has_its_own_mail_with_its_items_and_links",
        ],
        "presses a button of FBA users",
    )

    def begin(self, case):
        self.clerk = user(case, "world_clerk_2", *Clerk.groups)
        return super().begin(case)

    def order(self, case, order):
        order.user_id = self.who
        return super().order(case, order)

    def sender(self, case, records):
        return records.sudo(False).with_user(self.clerk)


class German(Clerk):
    """A German company in euros; clerk and customer read German."""

    languages = ("de_DE",)
    elsewhere = dict.fromkeys(
        [
            "test_button_when_reserved_elsewhere_is_refused_until_released",
            "test_at_amazon_nothing_is_changed_by_hand",
            "test_release_of_a_two_step_delivery_before_the_pick",
            "test_when_short_leaves_what_the_own_warehouse_has",
            "test_push_sends_what_amazon_needs",
            "test_rejected_order_is_an_exception_and_retried_with_the_same_id",
            "test_answer_lost_after_the_effect_is_looked_up_and_adopted",
            "test_unfillable_quantity_is_freed_and_an_exception",
            "test_cancelled_at_amazon_is_cancelled_and_freed",
            "test_return_is_no_supply",
            "test_amazon_refuses_and_the_order_goes_on",
            "test_less_stock_than_reserved_takes_back_the_youngest_unsent",
            "test_lowering_spares_what_was_sent",
            "test_each_shipment_has_its_own_mail_with_its_items_and_links",
            "TestResolve",
        ],
        "reads an English sentence",
    )

    def prepare(self, case):
        germany = case.env.ref("base.de")
        company = another_company(case, "Muster GmbH", "EUR", country_id=germany.id)
        company.partner_id.lang = "de_DE"

    def begin(self, case):
        self.who = user(case, "world_clerk_de", *self.groups, lang="de_DE", tz="Europe/Berlin")
        case.customer.lang = "de_DE"

    def order(self, case, order):
        order.user_id = self.who
        return super().order(case, order)

    def person(self, case, records):
        return super().person(case, records).with_context(lang="de_DE", tz="Europe/Berlin")


class Duplicates(World):
    """An archived product and contact with the same names, an archived account and warehouse."""

    def begin(self, case):
        for product in case.product_a + case.product_b:
            product.copy({"default_code": product.default_code}).product_tmpl_id.active = False
        case.customer.copy({"name": case.customer.name})
        case.customer.copy({"name": case.customer.name}).active = False
        account = case.env["fba.account"].create(case.account_values("Old store", refresh_token="Atzr|old"))
        old = case.afn.copy({"name": "Old FBA", "code": "OFBA", "fba_account_id": account.id})
        old.active = account.active = False


class Valued(World):
    """Perpetual valuation; stock is bought, in two halves at different prices."""

    method = "fifo"
    valuation = "real_time"
    elsewhere = {"test_dialog_shows_what_it_would_book_and_books_it_when_agreed": "changes the cost by hand"}
    taken = False

    def prepare(self, case):
        category = {"name": "Valued", "property_cost_method": self.method, "property_valuation": self.valuation}
        self.category = case.env["product.category"].create(category)

    def product(self, case):
        return {"categ_id": self.category.id, "standard_price": 10}

    def stock(self, case, warehouse, product, quantity):
        vendors = case.env.ref("stock.stock_location_suppliers")
        if quantity < 0:
            self.taken = True  # without a move that has a value
            return super().stock(case, warehouse, product, quantity)
        half = quantity // 2
        for units, price in ((half, 10), (quantity - half, 20)) if half else ((quantity, 20),):
            values = {"product_id": product.id, "product_uom": product.uom_id.id}
            places = {"location_id": vendors.id, "location_dest_id": warehouse.lot_stock_id.id}
            values |= {"product_uom_qty": units, "company_id": warehouse.company_id.id, **places}
            move = case.env["stock.move"].create({**values, "picking_type_id": warehouse.in_type_id.id})
            move._action_confirm()
            move.write({"quantity": units, "picked": True})
            move._action_done()
            move.value_manual = units * price
        return None

    def end(self, case):
        """What came in is what is there and what went out, in money."""
        case.env.invalidate_all()
        taken, self.taken = self.taken, False
        for product in case.product_a + case.product_b if not taken else ():
            moves = case.env["stock.move"].search([("product_id", "=", product.id), ("state", "=", "done")])
            came = sum(moves.filtered("is_in").mapped("value"))
            went = sum(moves.filtered("is_out").mapped("value"))
            value = product.total_value
            assert abs(came - went - value) < 0.02, f"{product.name}: {came} in, {went} out, {value} there"


class Fifo(Valued):
    """First in, first out, at each posting."""


class Avco(Valued):
    """Average cost, at each posting."""

    method = "average"
    elsewhere = Valued.elsewhere | {"test_amazons_dates_are_kept": "not before a receipt that changed the cost"}


class AvcoPeriodic(Valued):
    """Average cost, posted at the end of a period."""

    method, valuation = "average", "periodic"
    elsewhere = Avco.elsewhere


class InvoicedOrdered(World):
    """What is ordered is invoiced at once."""

    policy = "order"

    def product(self, case):
        return {"invoice_policy": self.policy}

    def confirm(self, case, order):
        order.action_confirm()
        order.sudo()._create_invoices().action_post()


class InvoicedDelivered(InvoicedOrdered):
    """What is delivered is invoiced before each scheduled action."""

    policy = "delivery"

    def confirm(self, case, order):
        order.action_confirm()

    def sales(self, case):
        products = (case.product_a + case.product_b).ids
        return case.env["sale.order"].search([("order_line.product_id", "in", products), ("state", "=", "sale")])

    def before_job(self, case):
        if due := self.sales(case).filtered(lambda sale: sale.invoice_status == "to invoice"):
            due._create_invoices(final=True).action_post()

    def end(self, case):
        self.before_job(case)
        for line in self.sales(case).order_line.filtered(lambda line: line.product_id.is_storable):
            assert line.qty_invoiced == line.qty_delivered, f"{line.order_id.name}: {line.qty_invoiced} invoiced"


class DownPayments(World):
    """Half is paid in advance."""

    elsewhere = dict.fromkeys(
        [
            "test_release_of_unsent_line_frees_stock_and_cancels",
            "test_released_line_can_be_delivered_from_the_own_warehouse",
            "test_queued_order_that_is_changed_is_not_sent_unseen",
            "test_quantity_changes_follow_while_unsent",
            "test_at_amazon_nothing_is_changed_by_hand",
            "test_line_can_be_lowered_to_what_was_delivered",
            "test_odoos_return_goes_to_the_own_warehouse",
            "test_raising_goes_beside_what_was_sent",
            "TestResolve",
        ],
        "works on an order of a single line; a down payment is another",
    )

    def confirm(self, case, order):
        order.action_confirm()
        wizard = case.env["sale.advance.payment.inv"].with_context(active_ids=order.ids, active_model="sale.order")
        values = {"advance_payment_method": "percentage", "amount": 50, "sale_order_ids": [(6, 0, order.ids)]}
        wizard.create(values).create_invoices()
        order.sudo().invoice_ids.action_post()


class Signed(World):
    """The customer signs in the portal, which confirms."""

    def begin(self, case):
        values = {"partner_id": case.customer.id, "name": case.customer.name, "email": case.customer.email}
        self.who = user(case, "world_portal", "base.group_portal", **values)

    def order(self, case, order):
        order.require_signature = True
        return order

    def confirm(self, case, order):
        theirs = order.with_user(self.who).sudo()
        theirs.write({"signed_by": "Eva", "signed_on": case.env.cr.now(), "signature": PICTURE})
        theirs._validate_order()
        order.env.invalidate_all()


class AddOns(World):
    """Ten add-ons of others, set so that they act."""

    beside = "beside"
    modules = (
        "delivery_auto_refresh",
        "sale_automatic_workflow",
        "sale_delivery_split_date",
        "sale_exception",
        "sale_manual_delivery",
        "stock_no_negative",
        "stock_picking_auto_create_package",
        "stock_picking_backorder_policy",
        "stock_picking_reservation_policy",
        "stock_split_picking",
    )
    context = {"test_stock_no_negative": True}  # it does nothing in tests without

    def prepare(self, case):
        case.env = case.env(context={**case.env.context, **self.context})
        # Another line in each order, and locked orders: not what the core expects.
        case.env.company.sale_auto_add_delivery_line = case.all_act
        case.env.company.sale_refresh_delivery_after_picking = True
        rule = {"name": "Stop", "model": "sale.order", "exception_type": "by_py_code"}
        case.env["exception.rule"].create({**rule, "code": "failed = (self.note or '').find('STOP') >= 0"})
        on = dict.fromkeys(("validate_order", "create_invoice", "validate_invoice"), True)
        self.workflow = case.env["sale.workflow.process"].create({"name": "All", **on, "sale_done": case.all_act})

    def begin(self, case):
        for warehouse in case.own + case.afn:
            warehouse.out_type_id.reservation_policy = "line"
            warehouse.out_type_id.automatic_package_creation_mode = "single"

    def line(self, case, product, quantity):
        return {**super().line(case, product, quantity), "commitment_date": "2030-01-01 12:00:00"}

    def order(self, case, order):
        order.workflow_process_id = self.workflow
        return super().order(case, order)

    def before_job(self, case):
        """The automation of sales runs; somebody splits the first delivery of two products that Amazon has."""
        case.env["automatic.workflow.job"].run()
        waiting = [("picking_type_id", "=", case.afn.out_type_id.id), ("state", "not in", ("done", "cancel"))]
        for picking in case.env["stock.picking"].search(waiting) if case.in_schedules else ():
            if len(picking.move_ids.filtered(lambda move: move.state != "cancel")) > 1:
                picking._split_off_moves(picking.move_ids[0])
                break


class JobQueue(World):
    """OCA's job queue: scheduled actions enqueue, and jobs do the work, shared out as soon as there is any."""

    beside = "queue"
    modules = ("fba_connector_queue",)
    runner = None  # a connection that holds what a job runner would

    def begin(self, case):
        from odoo.addons.fba_connector_queue.models import fba_account_parts as parts
        from odoo.addons.fba_connector_queue.tests.runner import start_runner

        from ..models.fulfillment import fba_account as fulfillment

        fulfillment.ORDERS_AT_ONCE = parts.ORDERS_AT_ONCE = parts.A_JOB = parts.AT_ONCE = 1
        if not JobQueue.runner:
            JobQueue.runner = start_runner(case.env.cr.dbname)
        case.env["queue.job"].search([]).unlink()

    def after_job(self, case):
        with case.enter_registry_test_mode(), case.registry.cursor() as cr:
            self.perform(case.env(cr=cr))
        case.env.invalidate_all()

    def work(self, env, method):  # pylint: disable=missing-return  # there is none
        super().work(env, method)
        self.perform(env)

    def perform(self, env):
        """All jobs, one after the other, but those that wait for their time: that has come with the next scheduled
        action."""
        from odoo.addons.queue_job.exception import RetryableJobError
        from odoo.addons.queue_job.job import Job

        waiting = [("state", "in", ("pending", "enqueued"))]
        env["queue.job"].search(waiting).eta = False
        for _job in range(100):
            env.cr.flush()
            record = env["queue.job"].search([*waiting, ("eta", "=", False)], order="id", limit=1)
            if not record:
                return
            job = Job.load(env(user=record.user_id.id, su=False, context={}), record.uuid)
            job.set_started()
            job.store()
            env.flush_all()
            with contextlib.suppress(RetryableJobError):  # the next scheduled action has it tried again
                job.func(*job.args)
            job.set_done()
            job.store()
        raise AssertionError("jobs without an end")


class Notifications(World):
    """Amazon's notifications: some lost, many twice, none in order; polling is slow, and looks closer now and then."""

    needs_sqs = True
    modules = ("fba_connector_notifications",)
    every = 4  # scheduled actions there is an hour

    def __init__(self):
        self.works, self.queue = 0, ""

    def work(self, env, method):  # pylint: disable=missing-return  # there is none
        account = env["fba.account"].search([("paused", "=", False), ("name", "=", "Test store")])
        self.works += 1
        if account:
            self.hear(account)
        super().work(env, method)

    def hear(self, account):
        """What Amazon has to tell by now is received; each now and then an hour is over."""
        from odoo.addons.fba_connector_notifications.models import fba_account_receive

        fba_account_receive.LISTEN_S = 0.1
        if self.control("GET", account)["subscriptions"] < len(account.subscription_ids._fields["type"].selection):
            self.connect(account)
        while self.control("GET", account)["waiting"]:
            time.sleep(0.02)
        account._cron_receive_notifications()
        account.env["fba.notice"].search([]).due_at = datetime.utcnow()
        if self.works % self.every == 0:
            for name in ("pull_cursor", "import_cursor", "inventory_cursor"):
                account[name] = account[name] and account[name] - timedelta(hours=1)

    def connect(self, account):
        """A queue of its own, which Amazon sends to."""
        import boto3

        from ..amazon import AmazonError

        url, keys = os.environ["FBA_SQS_URL"], {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        if not self.control("GET", account)["destinations"]:
            self.queue = f"world-{os.getpid()}-{self.works}"
            sqs = boto3.client("sqs", region_name="us-east-1", endpoint_url=url, **keys)
            address = sqs.create_queue(QueueName=self.queue)["QueueUrl"]
            chances = {"duplicates": 0.3, "disorder": True, "loss": 0.1, "seed": self.works}
            self.control("PUT", account, sqs_endpoint=url, checks_policy=False, **chances)
            account.subscription_ids.unlink()
            account.write({"sqs_queue_url": address, **keys})
        with contextlib.suppress(AmazonError), account._open_gateway() as gateway:  # else with the next one
            account._subscribe(gateway, f"arn:aws:sqs:us-east-1:123456789012:{self.queue}")

    @staticmethod
    def control(method, account, **body):
        url = f"{account.api_endpoint}/_simulator/notifications"
        response = requests.request(method, url, data=json.dumps(body) if body else None, timeout=20)
        assert response.ok, response.text
        return response.json()


PICTURE = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

NOT_WORLDS = (World, Valued)
WORLDS = {
    kind().name: kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, World) and kind not in NOT_WORLDS
}
WORLD = WORLDS.get(os.environ.get("FBA_WORLD", ""), World)()
