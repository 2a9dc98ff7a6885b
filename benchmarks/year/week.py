"""What happens in a week, and what each step of it costs. Whatever is done already is not done again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from ..measure import memory_mb
from .amazon import Amazon, served
from .plan import Week
from .shop import AT_ONCE, YearShop
from .sizes import grown, sizes

REPORT_IS_READY, ALL_SHIPS, LATER = timedelta(hours=1), timedelta(hours=3), timedelta(minutes=10)
CONFIRMED_AT_ONCE = 20  # as a shop hands them over; one by one is another benchmark's
MOST_RUNS = 20  # of a scheduled action, until nothing is left to do
AS_SCHEDULED = {"mail_notify_force_send": False}  # so Odoo leaves mails to the action that sends them
CLOCK_TICKS = 100  # a second, in /proc

SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"

# Step -> the orders of a week among which its cost is shared.
SHARED_BY = {
    "import": "sold",
    "tracking": "sold",
    "quote": "own",
    "confirm": "own",
    "push": "own",
    "pull": "own",
    "mail": "own",
    "echo": "own",
    "tidy": "all",
}


@dataclass
class Step:
    """Milliseconds: on the wall, of this process's CPU, of PostgreSQL's CPU. `peak_mb`: the most this process had."""

    ms: float = 0.0
    cpu_ms: float = 0.0
    postgres_ms: float = 0.0
    queries: int = 0
    peak_mb: float = 0.0

    def each(self, orders: int) -> dict[str, float]:
        """Of an order."""
        shared = {name: round(getattr(self, name) / max(orders, 1), 3) for name in ("ms", "cpu_ms", "postgres_ms")}
        return {**shared, "queries": round(self.queries / max(orders, 1), 2), "peak_mb": round(self.peak_mb)}


class WeekOfWork:
    def __init__(self, shop: YearShop, amazon: Amazon, week: Week, *, again: bool) -> None:
        self._shop, self._amazon, self._week, self._again = shop, amazon, week, again
        self._database = shop.database
        self._steps = {name: Step() for name in SHARED_BY}

    def take(self) -> dict:
        """The line of figures of this week; a week that was begun before (`again`) tells no costs."""
        start, before = perf_counter(), sizes(self._database)
        self._sell()
        middle = sizes(self._database)
        self._fulfill()
        self._tidy()
        after = sizes(self._database)
        self._check()
        week, counts = self._week, {"sold": len(self._week.sold), "own": len(self._week.own)}
        counts["all"] = sum(counts.values())
        costs = {name: step.each(counts[SHARED_BY[name]]) for name, step in self._steps.items()}
        return {
            "week": week.number,
            **counts,
            "again": self._again,
            "seconds": round(perf_counter() - start, 1),
            "memory_mb": round(memory_mb(), 1),
            "steps": {} if self._again else costs,
            "sizes": after,
            "grown": {} if self._again else {"sold": grown(before, middle), "own": grown(middle, after)},
        }

    # === THE STEPS === #

    def _sell(self) -> None:
        """Amazon sells and ships; Odoo imports, then reads the tracking numbers from a report."""
        if not self._week.sold:
            return
        self._amazon.sell(self._week)
        self._act("import", "_cron_import_amazon_orders")
        self._pass(REPORT_IS_READY)
        self._act("tracking", "_cron_import_amazon_orders")

    def _fulfill(self) -> None:
        """Customers order, Odoo confirms and sends; Amazon ships, Odoo books and tells the customer."""
        shop, numbers = self._shop, self._week.own
        if self._again:
            self._amazon.hide_echoes()  # they would have other numbers than before
            shop.remind_amazon(numbers)
        missing = shop.missing(numbers)
        parts = [missing[at : at + AT_ONCE] for at in range(0, len(missing), AT_ONCE)]
        customers = [shop.add_customers(part) for part in parts]
        self._measure("quote", (lambda env, it=it: shop.quote(env, *it) for it in zip(parts, customers, strict=True)))
        with self._database.environment() as env:
            drafts = shop.orders(env, numbers, ("state", "=", "draft")).ids
        parts = [drafts[at : at + CONFIRMED_AT_ONCE] for at in range(0, len(drafts), CONFIRMED_AT_ONCE)]
        self._measure("confirm", (lambda env, it=it: env["sale.order"].browse(it).action_confirm() for it in parts))
        self._until_none("push", "_cron_push_fulfillment_orders", "waiting", "ready", "queued", "submitting")
        self._pass(ALL_SHIPS)
        self._until_none("pull", "_cron_pull_fulfillment_orders", "in_shipping")
        while self._mails():
            self._measure("mail", [lambda env: env["mail.mail"].process_email_queue()])
        if not self._again:
            self._act("echo", "_cron_import_amazon_orders")

    def _tidy(self) -> None:
        """What Odoo does once a day: forget people, delete what is old."""
        with self._database.environment() as env:  # as the scheduler does when it starts an action
            env["ir.cron.trigger"].search([("call_at", "<=", self._shop.clock.now())]).unlink()
        self._act("tidy", "_cron_anonymize")

        def vacuum(env):
            action = env.ref("base.autovacuum_job").id
            env["ir.autovacuum"].with_context(cron_id=action)._run_vacuum_cleaner()

        self._measure("tidy", [vacuum])

    def _mails(self) -> int:
        with self._database.environment() as env:
            return env["mail.mail"].search_count([("state", "=", "outgoing")])

    def _until_none(self, step: str, method: str, *states: str) -> None:
        """Raise SystemExit where fulfillment orders stay in these states."""
        for run in range(MOST_RUNS):
            if run:
                self._pass(LATER)
            self._act(step, method)
            with self._database.environment() as env:
                if not self._shop.fulfillment_orders(env, self._week.own, *states):
                    return
        raise SystemExit(f"{step}: not all orders went on")

    # === TIME AND COSTS === #

    def _pass(self, pause: timedelta) -> None:
        self._amazon.advance(pause)
        self._shop.clock.advance(pause)

    def _act(self, step: str, method: str) -> None:
        """A scheduled action of ours. Raises SystemExit where Amazon cannot be asked."""
        self._measure(step, [lambda env: getattr(env["fba.account"].with_context(AS_SCHEDULED), method)()])
        self._amazon.forget_calls()
        with self._database.environment() as env:
            account = self._shop.account(env)
            if account.connection_state in ("refused", "failed", "internal"):
                raise SystemExit(f"{method}: {account.connection_message}")

    def _measure(self, name: str, works: Iterable[Callable]) -> None:
        """Each `work(env)` in a transaction of its own."""
        step, start, cpu, postgres = self._steps[name], perf_counter(), process_time(), self._postgres()
        for work in works:
            step.queries += self._database.measure(work).queries
            step.peak_mb = max(step.peak_mb, memory_mb("VmHWM"))
        step.ms += (perf_counter() - start) * 1000
        step.cpu_ms += (process_time() - cpu) * 1000
        now = self._postgres()
        step.postgres_ms += sum(spent - postgres.get(process, 0) for process, spent in now.items())

    def _postgres(self) -> dict[int, float]:
        """{process: milliseconds of CPU} of the sessions of this database."""
        with self._database.environment() as env:
            env.cr.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename IS NOT NULL"
            )
            stats = {pid: Path(f"/proc/{pid}/stat") for (pid,) in env.cr.fetchall()}
            times = {pid: path.read_text().rpartition(")")[2].split() for pid, path in stats.items() if path.exists()}
        return {pid: (int(it[11]) + int(it[12])) * 1000 / CLOCK_TICKS for pid, it in times.items()}

    # === BOOKS === #

    def _check(self) -> None:
        """Raise SystemExit unless all orders up to this week are in Odoo, once, and have left."""
        with self._database.environment() as env:
            account = self._shop.account(env)
            sold = env["sale.order"]._read_group(
                [("fba_account_id", "=", account.id), ("amazon_order_id", "!=", False)],
                ["delivery_status"],
                ["__count", "amazon_order_id:count_distinct"],
            )
            own = env["fba.fulfillment.order"]._read_group(
                [("account_id", "=", account.id)], ["state"], ["__count", "sale_id:count_distinct"]
            )
        for name, rows, good, there in (
            ("sold", sold, "full", self._week.sold.stop),
            ("own", own, "shipped", self._week.own.stop),
        ):
            if rows != ([(good, there, there)] if there else []):
                raise SystemExit(f"{there} {name} orders should have left, but there are: {rows}")


def work(shop: YearShop, week: Week, *, again: bool) -> dict:
    """Take a week; its line of figures."""
    with served(week, shop.clock.now(), shop.port) as url:
        return WeekOfWork(shop, Amazon(url, shop.seller, shop.skus), week, again=again).take()
