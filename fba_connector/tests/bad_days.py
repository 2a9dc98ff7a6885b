"""The bad-day machine: people, Amazon, faults, dying workers in any order; then rest, and both books are compared."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from odoo.exceptions import UserError

from .books import Books
from .worlds import WORLD

WHICH = st.integers(0, 3)  # of those there are, counted round
UNITS = st.integers(1, 3)
SKUS = st.sampled_from(["A", "B"])
JOBS = {
    "push": "_cron_push_fulfillment_orders",
    "pull": "_cron_pull_fulfillment_orders",
    "import": "_cron_import_amazon_orders",
    "inventory": "_cron_sync_inventory",
}
CALLS = [  # (job, a call it makes); the sending is what must not go wrong
    *[("push", "createFulfillmentOrder")] * 6,
    ("push", "getFulfillmentOrder"),
    ("push", "cancelFulfillmentOrder"),
    ("pull", "listAllFulfillmentOrders"),
    ("pull", "getFulfillmentOrder"),
    ("push", "getFulfillmentPreview"),
    ("import", "searchOrders"),
    ("import", "createReport"),
    ("import", "getReport"),
    ("import", "reportDocument"),
    ("inventory", "getInventorySummaries"),
]
# Calls that a person makes, beside those of the jobs.
ASKED_BY_PEOPLE = ["getFulfillmentPreview", "updateFulfillmentOrder"]
BUTTONS = ["source", "submit", "submit", "cancel_sale", "ask_to_cancel", "release", "retry", "refresh"]
BUTTONS += ["preview", "hold", "release_hold"]
# (job, which of its commits); a push commits the fifth time before it sends, the sixth time after that.
MOMENTS = st.sampled_from([(job, commit) for job in JOBS for commit in range(1, 8)] + [("push", 5), ("push", 6)] * 6)
FAULTS = st.sampled_from(
    [
        ("drop_before", {}),
        ("drop_after", {}),
        ("status", {"status": 500, "after_effect": True}),
        ("status", {"status": 503}),
        ("status", {"status": 429}),
        ("status", {"status": 429, "count": 6}),  # more than a call waits for
        ("status", {"status": 403}),
        ("html", {"status": 502, "after_effect": True}),
        ("empty", {"status": 200, "after_effect": True}),
        ("truncated", {"after_effect": True}),
    ]
)
# Habits of an Amazon that contradicts itself: all of which something can be learned later, as it tells the truth then.
READ, LIST = "getFulfillmentOrder", "listAllFulfillmentOrders"
HABITS = st.sampled_from(
    [
        *[("status_ahead", {"omit": omit}) for omit in ("shipments", "items", "last_shipment", "items_key")],
        ("quantities_off", {"change": "no_unfulfillable"}),
        *[("spelling", {"style": style}) for style in ("UPPER_UNDERSCORE", "lower", "hyphen", "blanks")],
        *[("loose_types", {"style": style}) for style in ("numbers_as_text", "null_for_absent", "single_for_list")],
        ("unknown_word", {"key": "fulfillmentOrderStatus", "value": "Evaporated"}),
        ("unknown_word", {"key": "fulfillmentShipmentStatus", "value": "TELEPORTED"}),
        ("extra_fields", {}),
        ("list_repeats", {}),
        # What the search of sales leaves out for good, and a list of stock, is not found again yet.
        *[(habit, {"operation": LIST}) for habit in ("list_omits", "pages_move")],
        *[("list_lag", {"operation": LIST, "seconds": 1800}), ("read_lag", {"seconds": 1800})],
        *[("frozen_update_time", {}), ("same_update_time", {})],
        ("other_duplicate_words", {}),
        ("own_tracking_only", {}),
    ]
)
REFUSALS = st.sampled_from(
    [
        (call, status)
        for call in (READ, "cancelFulfillmentOrder", "createFulfillmentOrder")
        for status in (400, 403, 404)
    ]
)
CALM = {"plan_factor": 1.0, "create_lag_seconds": 0, "cancel_lag_seconds": 0, "orders_lag_seconds": 0}
# Between the passes until all is at rest; what is not settled after them is stuck. What may have arrived, and is to be
# cancelled, is watched for a day.
LONGEST_LAG_S = 1800  # of Amazon's list
PASSES_MINUTES = [45] * 8 + [240] * 10


class Death(BaseException):
    """The worker's process ends here."""


@contextmanager
def _alone(lock):
    """Instead of the task lock: in Odoo's test mode its cursor lies within the job's, and undoes its commits."""
    yield lock


class BadDays(RuleBasedStateMachine):
    """Played on `case`, an InTimeCase. Odoo's clock is Amazon's: it moves in steps of its own."""

    case = savepoint = None
    sales = ()
    counts: Counter = Counter()  # over all schedules: what happened how often

    def begin(self):
        case = self.case
        self.counts["schedules"] += 1
        self.savepoint = case.env.cr.savepoint()
        case.reset_simulator()
        case.control("POST", "settings", auto_ship=False)
        self.pass_time(3600)  # the test's own preparations lie before
        case.account.import_from = case.now
        self.env, self.account = case.env, case.account
        self.sales = self.env["sale.order"]
        self.sold = []  # on Amazon
        self.restored = set()  # orders of which an older state came back from a backup
        self.lowered = False  # ... and of whose lines somebody wanted fewer before Odoo learned that Amazon has them
        self.strangers = set()  # orders that Amazon shows with another address, as if they were somebody else's

    def pass_time(self, seconds):
        self.case.control("POST", "clock/advance", seconds=seconds)
        self.case.read_clock()

    # === PEOPLE === #

    def click(self, name, button):
        """What a person does: all or nothing, and never more than a sentence about why not."""
        self.counts[name] += 1
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                button()
                self.env.flush_all()
        except UserError as refusal:
            self.counts["refused"] += 1
            assert str(refusal).strip(), f"{name} was refused without a word"
        self.env.invalidate_all()
        self.pass_time(1)

    @initialize(a=UNITS, b=st.integers(0, 2), sent=st.booleans())
    def first_sale(self, a, b, sent):
        self.begin()
        self.sell(a, b, True)
        if sent:
            self.run("push")

    @rule(a=UNITS, b=st.integers(0, 2), from_amazon=st.booleans())
    def sell(self, a, b, from_amazon):
        units = {self.case.product_a: a, self.case.product_b: b}
        sale = self.case.sell({product: quantity for product, quantity in units.items() if quantity})
        self.sales |= sale
        self.click("confirm", lambda: WORLD.confirm(self.case, sale))
        if from_amazon:
            self.click("source", self.hers(sale).action_fulfill_by_amazon)
            self.click("submit", self.senders(self.fulfillments(sale)).action_submit)

    @rule(what=st.sampled_from(BUTTONS), which=WHICH)
    def person(self, what, which):
        getattr(self, what)(which)

    def source(self, which):
        self.click("source", self.hers(self.pick(self.sales, which)).action_fulfill_by_amazon)

    def submit(self, which):
        if order := self.pick(self.fulfillments(), which):
            self.click("submit", self.senders(order).action_submit)

    @rule(which=WHICH, units=st.integers(0, 4))
    def change_quantity(self, which, units):
        line = self.hers(self.pick(self.sales, which)).order_line[:1]
        if units < line.product_uom_qty:
            parts = line.sudo().order_id.fba_fulfillment_order_ids.filtered(lambda part: not part.submitted_at)
            self.lowered |= any(part.name in self.restored for part in parts)
        self.click("change", lambda: line.write({"product_uom_qty": units}))

    def cancel_sale(self, which):
        sale = self.hers(self.pick(self.sales, which))
        self.click("cancel", sale.with_context(disable_cancel_warning=True).action_cancel)

    def ask_to_cancel(self, which):
        if order := self.pick(self.fulfillments(), which):
            self.click("ask to cancel", self.senders(order).action_request_cancel)

    def release(self, which):
        moves = self.fulfillments().line_ids._open_moves()
        if move := self.pick(moves, which):
            self.click("release", self.hers(move).action_fba_release)

    def retry(self, which):
        if order := self.pick(self.fulfillments().filtered("can_retry"), which):
            self.click("retry", self.senders(order).action_retry)

    def refresh(self, which):
        with self.case.at_amazons_pace():
            if order := self.pick(self.fulfillments().filtered("submitted_at"), which):
                self.click("refresh", self.senders(order).action_refresh)

    def preview(self, which):
        with self.case.at_amazons_pace():
            if order := self.pick(self.fulfillments().filtered("can_change"), which):
                self.click("preview", self.senders(order).action_preview)

    def hold(self, which):
        if order := self.pick(self.fulfillments().filtered("can_change"), which):
            self.click("hold", lambda: self.senders(order).write({"hold": True}))

    def release_hold(self, which):
        with self.case.at_amazons_pace():
            if order := self.pick(self.fulfillments().filtered("hold_ends_at"), which):
                self.click("release hold", self.senders(order).action_release_hold)

    def hers(self, records):
        return WORLD.person(self.case, records)

    def senders(self, records):
        return WORLD.sender(self.case, records)

    def pick(self, records, which):
        return records[which % len(records)] if records else records

    def fulfillments(self, sale=None):
        self.env.invalidate_all()
        return (sale or self.sales).fba_fulfillment_order_ids.sorted("id")

    # === AMAZON === #

    def at_amazon(self, path, **body):
        """What Amazon does; what is impossible there just now does not happen."""
        answer = self.case.attempt(path, **body)
        if answer is not None:
            self.counts[f"amazon: {path.rsplit('/', 1)[-1]}"] += 1
        self.pass_time(1)
        return answer

    def there(self, which):
        """The path of an order at Amazon; None where it has none."""
        names = sorted(order["order_id"] for order in self.case.control("GET", "fulfillment-orders"))
        return f"fulfillment-orders/{names[which % len(names)]}" if names else None

    @rule(which=WHICH, sku=SKUS, units=UNITS, parcels=st.integers(1, 2))
    def ship(self, which, sku, units, parcels):
        if path := self.there(which):
            boxes = [{"carrier_code": "UPS", "items": [{"seller_sku": sku, "quantity": units}]}] * parcels
            self.at_amazon(f"{path}/ship", packages=boxes)

    @rule(which=WHICH, sku=SKUS, units=UNITS)
    def cannot_fulfill(self, which, sku, units):
        if path := self.there(which):
            self.at_amazon(f"{path}/cannot-fulfill", items=[{"seller_sku": sku, "quantity": units}])

    @rule(which=WHICH, status=st.sampled_from(["Received", "Planning", "Processing", "Invalid", "Cancelled"]))
    def change_status(self, which, status):
        if path := self.there(which):
            self.at_amazon(f"{path}/status", status=status)

    @rule(which=WHICH, package=st.integers(1, 2))
    def track(self, which, package):
        if path := self.there(which):
            self.at_amazon(f"{path}/tracking", package_number=package, tracking_number=f"LATE{package}")

    @rule(sku=st.sampled_from(["A", "B", "UNKNOWN"]), units=UNITS, status=st.sampled_from(["SHIPPED", "UNSHIPPED"]))
    def sell_on_amazon(self, sku, units, status):
        items = [{"seller_sku": sku, "quantity": units, "item_price": "30.00"}]
        sale = self.at_amazon("sales", marketplace_id="ATVPDKIKX0DER", currency="USD", items=items, status=status)
        if sale:
            self.sold.append(sale["amazon_order_id"])

    @rule(
        sku=SKUS,
        minutes=st.sampled_from([1, 31]),
        commit=st.integers(1, 5),
        how=st.sampled_from(["dies before", "dies after", "conflicts at"]),
    )
    def sell_and_read_badly(self, sku, minutes, commit, how):
        self.sell_on_amazon(sku, 1, "SHIPPED")
        self.pass_time(minutes * 60)
        self.run("import", commit, how)

    @rule(which=WHICH, status=st.sampled_from(["SHIPPED", "CANCELLED"]))
    def go_on(self, which, status):
        if self.sold:
            self.at_amazon(f"sales/{self.sold[which % len(self.sold)]}/status", status=status)

    # === TROUBLE === #

    @rule(
        call=st.sampled_from([call for _job, call in CALLS] + [*ASKED_BY_PEOPLE, "lwaToken", "*"]),
        fault=FAULTS,
        count=st.integers(1, 2),
    )
    def fault(self, call, fault, count):
        kind, options = fault
        self.at_amazon("faults", **{"operation": call, "kind": kind, "count": count, **options})
        self.counts[f"fault: {kind} {options.get('status', '')}".strip()] += 1

    @rule(
        setting=st.sampled_from(
            [
                {"plan_factor": 0.05},
                {"create_lag_seconds": 900},
                {"cancel_lag_seconds": 900},
                {"orders_lag_seconds": 900},
                CALM,
            ]
        )
    )
    def mood(self, setting):
        self.case.control("POST", "settings", **setting)

    @rule(habit=HABITS, count=st.sampled_from([1, 3, 20]))
    def grow_careless(self, habit, count):
        name, options = habit
        self.at_amazon("habits", habit=name, count=count, **options)
        self.counts[f"habit: {name}"] += 1

    @rule(which=WHICH, refusal=REFUSALS, count=st.sampled_from([1, 3]))
    def refuse_one_order(self, which, refusal, count):
        if order := self.pick(self.fulfillments(), which):
            call, status = refusal
            self.at_amazon(
                "habits", habit="refused_id", order_id=order.name, operation=call, status=status, count=count
            )
            self.counts[f"habit: refused_id {status}"] += 1

    @rule()
    def grow_careful(self):
        self.case.no_habits()
        self.strangers.clear()

    @rule(which=WHICH)
    def show_another_address(self, which):
        if order := self.pick(self.fulfillments().filtered(lambda order: not order.submitted_at), which):
            self.at_amazon("habits", habit="other_address", order_id=order.name, postal_code="10115")
            self.strangers.add(order.name)

    @rule(which=WHICH)
    def send_beside_a_stranger(self, which):
        """The answer is lost, and what Amazon then shows under this ID goes to another address."""
        unsent = self.fulfillments().filtered(lambda order: order.state in ("ready", "queued"))
        if order := self.pick(unsent, which):
            self.at_amazon("habits", habit="other_address", order_id=order.name, postal_code="10115")
            self.strangers.add(order.name)
            if order.state == "ready":
                self.click("submit", self.senders(order).action_submit)
            self.fault("createFulfillmentOrder", ("drop_after", {}), 1)
            for _look_up in range(2):
                self.run("push")
                self.wait(6)

    @rule(which=WHICH)
    def restore_a_backup(self, which):
        """Of before an order was sent, which is ready for Odoo then; by now Amazon's list shows it."""
        sent = self.fulfillments().filtered(lambda order: order.state == "in_shipping" and not order.shipment_ids)
        sent = sent.filtered(lambda order: order.line_ids._open_moves() and not order.cancel_requested_at)
        if order := self.pick(sent, which):
            self.pass_time(LONGEST_LAG_S)
            order.sighting_ids.unlink()
            unsent = ("submitted_at", "first_sent_at", "amazon_status", "amazon_updated_at", "snapshot_at", "due_at")
            order.write({**dict.fromkeys((*unsent, "at_amazon", "contradiction_since"), False), "send_count": 0})
            order.state = "ready"
            self.account.pull_cursor = self.account.create_date
            self.restored.add(order.name)
            self.counts["backup restored"] += 1

    @rule(which=WHICH)
    def ship_ahead_of_the_news(self, which):
        """Amazon ships all of an order, and tells of the end before it lists the shipment."""
        if path := self.there(which):
            [order] = [it for it in self.case.control("GET", "fulfillment-orders") if path.endswith(it["order_id"])]
            items = [{"seller_sku": it["seller_sku"], "quantity": it["open"]} for it in order["lines"] if it["open"]]
            self.at_amazon(f"{path}/ship", packages=[{"carrier_code": "UPS", "items": items}])
            self.grow_careless(("status_ahead", {"omit": "shipments"}), 3)
            self.run("pull")

    @rule(which=WHICH)
    def refuse_one_order_for_a_while(self, which):
        self.refuse_one_order(which, (READ, 403), 3)
        self.refresh_later(which)
        self.run("pull")

    def refresh_later(self, which):
        if order := self.pick(self.fulfillments().filtered("submitted_at"), which):
            order.due_at = self.case.now

    @rule(minutes=st.sampled_from([1, 6, 31, 130, 1500]))
    def wait(self, minutes):
        self.pass_time(minutes * 60)

    # === WORKERS === #

    @rule(job=st.sampled_from(["push", "push", "pull", "import", "inventory"]))
    def work(self, job):
        self.run(job)

    @rule(
        work=st.sampled_from(CALLS),
        fault=FAULTS,
        count=st.integers(1, 4),
    )
    def work_in_trouble(self, work, fault, count):
        job, call = work
        self.fault(call, fault, count)
        self.run(job)

    @rule(moment=MOMENTS, how=st.sampled_from(["dies before", "dies after", "conflicts at"]))
    def work_badly(self, moment, how):
        self.run(*moment, how)

    def run(self, job, at=None, how=None):
        """A scheduled action with its commits; at the `at`th of them the worker dies, or another one was faster."""
        commits = 0
        Cron = type(self.env["ir.cron"])
        commit_progress = Cron._commit_progress

        def commit(cron, *args, **kwargs):
            nonlocal commits
            commits += 1
            if commits == at and how == "dies before":
                raise Death
            if commits == at and how == "conflicts at":
                cron.env.flush_all()
                raise psycopg2.errors.SerializationFailure
            left = commit_progress(cron, *args, **kwargs)
            if commits == at and how == "dies after":
                raise Death
            return left

        case = self.case
        WORLD.before_job(case)
        with (
            case.at_amazons_pace(),
            case.enter_registry_test_mode(),
            case.registry.cursor() as cr,
            patch.object(Cron, "_commit_progress", commit),
            patch.object(type(self.env["fba.task.lock"]), "_hold", _alone),
        ):
            try:
                WORLD.work(case.env(cr=cr, context=WORLD.context), JOBS[job])
            except (Death, psycopg2.errors.SerializationFailure):
                cr.rollback()
                self.counts[f"worker {how} a commit"] += 1
        self.env.invalidate_all()
        WORLD.after_job(case)
        self.counts[f"job: {job}"] += 1
        assert self.account.connection_state != "refused" or self.refused_for_good(), "one refusal is one record's"
        for order in self.fulfillments().filtered(lambda order: order.name in self.strangers and order.submitted_at):
            assert "created" in order.sighting_ids.mapped("source"), f"{order.name} is somebody else's"
        self.assert_nothing_that_left_is_free()

    def refused_for_good(self):
        """Whether Amazon has refused a call about no record, or the keys."""
        own = ("getFulfillmentOrder", "createFulfillmentOrder", "cancelFulfillmentOrder", "getFulfillmentPreview")
        calls = self.case.control("GET", "journal")
        return any(call["status"] == 403 and call["operation"] not in own for call in calls[-60:]) or any(
            call["operation"] == "lwaToken" and call["status"] != 200 for call in calls
        )

    def assert_nothing_that_left_is_free(self):
        """Whatever Amazon has said so far: units that it has shipped are never released."""
        there = {order["order_id"]: order["lines"] for order in self.case.control("GET", "fulfillment-orders")}
        for order in self.fulfillments().filtered(lambda order: order.name in there):
            if self.is_another(order):
                continue
            left = {line["item_id"]: line["shipped"] for line in there[order.name]}
            for line in order.line_ids:
                lost = line.unfillable_quantity + line.cancelled_quantity
                assert lost + left.get(line.item_id, 0) <= line.quantity, f"{order.name}: {line.seller_sku} has left"
        self.pass_time(1)

    # === REST === #

    def teardown(self):
        try:
            if self.sales and self.come_to_rest():
                Books(self.case, self.sales, self.sold).compare()
                WORLD.end(self.case)
        finally:
            if self.savepoint:
                self.savepoint.close(rollback=True)
                self.case.env.invalidate_all()

    def come_to_rest(self):
        """Trouble ends, Amazon ships what it has, and the jobs run until they find nothing more to do.

        Returns False where only Seller Central can bring Odoo and Amazon together.
        """
        self.case.control("DELETE", "faults")
        self.grow_careful()
        self.case.control("POST", "settings", auto_ship=True, **CALM)
        before = None
        for minutes in PASSES_MINUTES:
            self.pass_time(minutes * 60)
            self.case.end_at_amazon()
            self.release_hold(0)
            for order in self.fulfillments().filtered("can_adopt"):
                if self.is_another(order):
                    self.counts["another order"] += 1
                    return False
                self.counts["adopt"] += 1
                order.action_adopt()
            self.end_doubts()
            self.retry_unclear()
            for job in JOBS:
                self.run(job)
            if before == (before := self.picture()) and not self.on_their_way():
                break
        else:
            raise AssertionError(f"never at rest: {before}")
        assert self.account.connection_state == "ok", self.account.connection_message
        if self.lowered:
            self.counts["another order"] += 1
            return False
        return True

    def is_another(self, order):
        """Whether Odoo changed `order` after a backup was restored, before it learned that Amazon had it."""
        if order.name not in self.restored or order.submitted_at:
            return False
        there = {it["order_id"]: it["lines"] for it in self.case.control("GET", "fulfillment-orders")}[order.name]
        theirs = {(line["item_id"], line["quantity"]) for line in there}
        return theirs != {(line.item_id, line.quantity) for line in order.line_ids}

    def retry_unclear(self):
        """A person checks Seller Central for orders that Amazon never confirmed, and sends those that are not there."""
        there = {order["order_id"] for order in self.case.control("GET", "fulfillment-orders")}
        stuck = self.fulfillments().filtered(lambda order: order.error_code == "Unclear" and order.can_retry)
        unclear = stuck.filtered(lambda order: order.name not in there)
        if again := unclear.filtered(lambda order: not order.cancel_requested_at):
            self.counts["retry"] += 1
            again.action_retry()
        if given_up := unclear - again:
            self.counts["declared unknown"] += 1
            given_up.action_declare_unknown()

    def end_doubts(self):
        """A person has what stays contradictory for a day, checks Amazon's own pages, and decides."""
        there = {order["order_id"]: order for order in self.case.control("GET", "fulfillment-orders")}
        for order in self.fulfillments().filtered("can_end_doubt"):
            is_booked = self.case.booked(order) == self.case.shipped(there[order.name])
            if is_booked and order.contradiction_since <= self.case.now - timedelta(days=1):
                self.counts["end doubt"] += 1
                order.action_end_doubt()

    def picture(self):
        """What a further run would change if it still had something to do."""
        orders = self.fulfillments()
        stock = {product: self.case.in_odoo(product) for product in self.case.product_a + self.case.product_b}
        return (
            orders.read(["state", "at_amazon", "send_count", "lookup_misses", "amazon_status", "failure_message"]),
            self.sales.read(["state", "fba_status"]),
            self.env["fba.amazon.order"].search([("account_id", "=", self.account.id)]).read(["state", "is_due"]),
            stock,
        )

    def on_their_way(self):
        return self.fulfillments().filtered(lambda order: order.state in ("queued", "submitting", "in_shipping"))
