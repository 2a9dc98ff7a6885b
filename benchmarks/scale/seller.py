"""One account: what its tasks do at Amazon and in Odoo, as the models of the add-on do it.

Each task is one run for the account at a time. It ends at `ends_at`, and says whether it goes on; a wait for Amazon's
plan that would take longer is not begun.
"""

import random
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from math import ceil

from .clock import Clock, Process
from .costs import Costs
from .figures import Figures
from .orders import Own, Sold, Stream
from .plans import Bucket, Operation
from .settings import DAY_S, QUEUE, Settings

EVERY_S = {"push": 300, "pull": 300, "import": 900, "inventory": 1800}  # the scheduled actions
OVERLAP_S = 900  # each list reaches back into the one before
PAGE, LIST_PAGE, STOCK_PAGE = 100, 50, 50
AT_ONCE = 4  # calls on their way at a time
BOOKED_AT_ONCE, MAILS_AT_ONCE, A_JOB = 50, 20, 100
BUSY_S = 30
STOCK_CALLS = 3  # of a run that finds nothing new
# Reports beside Amazon's list, where it is too slow.
ASK_EVERY_S, READY_AFTER_S, LONGEST_LAG_S = 4 * 3600, 1800, 6 * 3600


class Seller:
    """`again(seller, task, delay_s)` and `share(seller, work)` are the scheduler's."""

    def __init__(
        self,
        number: int,
        settings: Settings,
        clock: Clock,
        costs: Costs,
        plans: dict[str, Operation],
        figures: Figures,
    ) -> None:
        chance = random.Random(settings.seed * 1000 + number)  # noqa: S311 (a day that is the same again)
        self.number, self._settings, self._clock, self._costs, self._figures = number, settings, clock, costs, figures
        self.sold, self.own = Sold(settings, chance), Own(settings, chance)
        self.stock = Stream([at for at in range(180, DAY_S, EVERY_S["inventory"])])
        self.buckets = {name: Bucket(operation) for name, operation in plans.items()}
        self.run_at = dict.fromkeys((*EVERY_S, "reports"), 0.0)
        self.again: Callable[[str, float], None]
        self.share: Callable[[Callable[[], Process]], None]
        self._shares = settings.runner == QUEUE
        self._parts = 0  # jobs that are not done
        self._sent = 0
        self._seen, self._pull_cursor = 0, 0.0
        self._to_read: deque[int] = deque()
        self._kept: list[int] = []  # answers that wait to be applied
        self._to_mail: deque[int] = deque()
        self._known, self._import_cursor = 0, 0.0
        self._search: tuple[int, int, float] | None = None  # (next row, end, begun at) of one in progress
        self._to_import: deque[int] = deque()
        self._found = bytearray(len(self.sold.shipped.times))
        self.reports = settings.listed > PAGE * plans["searchOrders"].a_day
        self._report: float | None = None  # when it was asked for
        self._reported: deque[int] = deque()
        self._all_counted = False

    def streams(self) -> dict[str, Stream]:
        own = {"push": self.own.placed, "pull": self.own.changed, "mail": self.own.mails}
        return {**own, "import": self.sold.shipped, "inventory": self.stock}

    # === PUSH === #

    def push(self, ends_at: float) -> Process:
        yield from self._work("push", self._costs.idle["push"])
        at_once, placed = 1, self.own.placed
        while waiting := placed.came(self._clock.now) - self._sent:
            if self._throttled("push", "createFulfillmentOrder", ends_at):
                return
            numbers = range(self._sent, self._sent + min(waiting, at_once))
            self._sent = numbers.stop
            yield from self._calls("createFulfillmentOrder", len(numbers))
            yield from self._work("push", self._costs.push * len(numbers))
            self._settle(placed, numbers)
            at_once = AT_ONCE
            if self._clock.now >= ends_at and placed.came(self._clock.now) > self._sent:
                self.again("push", 0)
                return

    # === PULL === #

    def pull(self, ends_at: float) -> Process:
        yield from self._work("pull", self._costs.idle["pull"])
        yield from self._list(ends_at)
        yield from self._read(ends_at)
        if self._kept and not self._parts:
            self._share_out(self._kept, self._apply_part)
            self._kept = []
        yield from self._mail()

    def _list(self, ends_at: float) -> Process:
        asked_at, changed = self._clock.now, self.own.changed
        rows = changed.came(asked_at) - changed.came(self._pull_cursor - OVERLAP_S)
        for _page in range(max(1, ceil(rows / LIST_PAGE))):
            if self._throttled("pull", "listAllFulfillmentOrders", ends_at):
                return
            yield from self._calls("listAllFulfillmentOrders")
        self._to_read.extend(range(self._seen, changed.came(asked_at)))
        self._seen, self._pull_cursor = changed.came(asked_at), asked_at

    def _read(self, ends_at: float) -> Process:
        bucket = self.buckets["getFulfillmentOrder"]
        while self._to_read:
            if self._throttled("pull", "getFulfillmentOrder", ends_at):
                return
            # As many as may go before the end.
            room = int((ends_at - self._clock.now - bucket.wait(self._clock.now)) * bucket.operation.rate)
            room += int(bucket.left(self._clock.now))
            numbers = list(_take(self._to_read, min(BOOKED_AT_ONCE, max(1, room))))
            yield from self._calls("getFulfillmentOrder", len(numbers))
            if self._shares and len(numbers) == BOOKED_AT_ONCE:
                yield from self._work("pull", self._costs.kept * len(numbers))
                self._kept += numbers
            else:
                yield from self._apply("pull", numbers)
            if self._to_read and self._clock.now >= ends_at:
                self.again("pull", 0)
                return

    def _apply(self, task: str, numbers: list[int]) -> Process:
        for first in range(0, len(numbers), BOOKED_AT_ONCE):
            part = numbers[first : first + BOOKED_AT_ONCE]
            ships = [number for number in part if self.own.ships[number]]
            booking_s = self._costs.booking * len(ships) + self._costs.read * (len(part) - len(ships))
            yield from self._work(task, booking_s)
            self._settle(self.own.changed, part)
            self._to_mail.extend(self.own.mail_of[number] for number in ships)

    def _apply_part(self, numbers: list[int]) -> Process:
        yield from self._apply("parts", numbers)
        yield from self._mail()

    def _mail(self) -> Process:
        while self._to_mail:
            numbers = list(_take(self._to_mail, MAILS_AT_ONCE))
            yield from self._work("mail", self._costs.mail * len(numbers))
            self._settle(self.own.mails, numbers)

    # === IMPORT === #

    def import_(self, ends_at: float) -> Process:
        yield from self._work("import", self._costs.idle["import"])
        if self._search and self._clock.now - self._import_cursor > LONGEST_LAG_S and not self.reports:
            self.reports = True
            self.again("reports", 0)
        yield from self._stage(ends_at)
        if self._shares and len(self._to_import) > A_JOB:
            if not self._parts:
                self._share_out(list(_take(self._to_import, len(self._to_import))), self._import_part)
            return
        yield from self._book("import", self._to_import, self._costs.import_, ends_at)

    def _stage(self, ends_at: float) -> Process:
        times = self.sold.times
        if not self._search:
            first = bisect_right(times, self._import_cursor - OVERLAP_S)
            self._search = first, bisect_right(times, self._clock.now), self._clock.now
        while self._search:
            if self._throttled("import", "searchOrders", ends_at):
                return
            yield from self._calls("searchOrders")
            at, end, begun_at = self._search
            news = self.sold.numbers[max(at, self._known) : min(at + PAGE, end)]
            self._known = max(self._known, min(at + PAGE, end))
            yield from self._work("import", self._costs.echo * news.count(-1))
            self._find((number for number in news if number >= 0), self._to_import)
            self._search = (at + PAGE, end, begun_at) if at + PAGE < end else None
            if not self._search:
                self._import_cursor = begun_at

    def _find(self, numbers: Iterable[int], due: deque[int]) -> None:
        """Those that neither the list nor a report has shown before."""
        for number in numbers:
            if not self._found[number]:
                self._found[number] = True
                due.append(number)

    def _book(self, task: str, due: deque[int], cost_s: float, ends_at: float) -> Process:
        while due:
            numbers = list(_take(due, A_JOB))
            yield from self._work("import", cost_s * len(numbers))
            self._settle(self.sold.shipped, numbers)
            if due and self._clock.now >= ends_at:
                self.again(task, 0)
                return

    def _import_part(self, numbers: list[int]) -> Process:
        for first in range(0, len(numbers), BOOKED_AT_ONCE):
            part = numbers[first : first + BOOKED_AT_ONCE]
            yield from self._work("import", self._costs.import_ * len(part))
            self._settle(self.sold.shipped, part)

    def reports_(self, ends_at: float) -> Process:
        """Whatever has shipped, every four hours."""
        if self._report is None:
            yield from self._calls("createReport")
            self._report = self._clock.now
            self.again("reports", READY_AFTER_S)
            return
        if self._clock.now - self._report < READY_AFTER_S:
            return
        if not self._reported:
            yield from self._calls("getReport")
            yield from self._calls("getReportDocument")
            self._find(range(self.sold.shipped.came(self._report)), self._reported)
        yield from self._book("reports", self._reported, self._costs.reported, ends_at)
        if not self._reported:
            self.again("reports", max(0.0, self._report + ASK_EVERY_S - self._clock.now))
            self._report = None

    # === STOCK === #

    def inventory(self, ends_at: float) -> Process:
        if self._parts:
            self.again("inventory", BUSY_S)
            return
        asked_at = self._clock.now
        yield from self._work("inventory", self._costs.idle["inventory"])
        pages = STOCK_CALLS if self._all_counted else ceil(self._settings.skus / STOCK_PAGE)
        self._all_counted = True  # once a day
        for _page in range(pages):
            yield from self._calls("getInventorySummaries")
        self._settle(self.stock, range(self.stock.done, self.stock.came(asked_at)))

    # === SHARED === #

    def _work(self, task: str, seconds: float) -> Process:
        if seconds:
            self._figures.work(task, self._clock.now, seconds)
            yield seconds

    def _throttled(self, task: str, operation: str, ends_at: float) -> bool:
        """Whether the next call would have to wait longer than this run lasts: then another run makes it."""
        wait_s = self.buckets[operation].wait(self._clock.now)
        if not wait_s or self._clock.now + wait_s <= ends_at:
            return False
        self.again(task, wait_s)
        return True

    def _calls(self, operation: str, count: int = 1) -> Process:
        """So many calls, a few on their way at a time."""
        latency_s = self._settings.latency_s
        paced_s = self.buckets[operation].take(self._clock.now, count) - self._clock.now
        yield max(paced_s + latency_s, latency_s * ceil(count / AT_ONCE))

    def _settle(self, stream: Stream, numbers: Iterable[int]) -> None:
        for number in numbers:
            stream.settle(number, self._clock.now)

    def _share_out(self, numbers: list[int], work: Callable[[list[int]], Process]) -> None:
        for first in range(0, len(numbers), A_JOB):
            self._parts += 1
            self.share(lambda part=numbers[first : first + A_JOB]: self._part(work(part)))

    def _part(self, work: Process) -> Process:
        yield from work
        self._parts -= 1


def _take(numbers: deque[int], count: int) -> Iterator[int]:
    for _number in range(min(count, len(numbers))):
        yield numbers.popleft()
