"""All accounts, workers and orders of a day."""

from collections.abc import Callable
from functools import partial

from .clock import Clock, Process
from .costs import Costs
from .figures import Figures
from .orders import each_moment
from .plans import Operation, operations
from .pool import Pool
from .seller import EVERY_S, Seller
from .settings import DAY_S, QUEUE, Settings

JOB_S, ACTION_S = 60.0, 10.0  # how long a run lasts before the next one goes on
STARTS = {"push": 0, "pull": 60, "import": 120, "inventory": 180, "reports": 240}
SAMPLED_S = 61  # no multiple of the intervals
RUNS = {
    "push": Seller.push,
    "pull": Seller.pull,
    "import": Seller.import_,
    "inventory": Seller.inventory,
    "reports": Seller.reports_,
}


class Day:
    def __init__(self, settings: Settings, plans: dict[str, Operation] | None = None) -> None:
        self.settings, self.clock = settings, Clock()
        self.figures = Figures(settings)
        costs, plans = Costs.measured().times(settings.dear), plans or operations()
        self.sellers = [
            Seller(number, settings, self.clock, costs, plans, self.figures) for number in range(settings.accounts)
        ]
        self._pool = Pool(self.clock, settings, self.figures, costs.job)
        for seller in self.sellers:
            seller.again = self._scheduler(seller)
            seller.share = partial(self._share, seller)

    def live(self) -> Figures:
        for task, every_s in EVERY_S.items():
            for at in range(STARTS[task], DAY_S, every_s):
                self.clock.call(at, partial(self._dispatch, task, self.sellers))
        reporting = [seller for seller in self.sellers if seller.reports]
        self.clock.call(STARTS["reports"], partial(self._dispatch, "reports", reporting))
        for seller in self.sellers:
            each_moment(seller.own.placed, partial(seller.again, "push", 0.0), partial(self.clock.start, at=0.0))
        self.clock.start(self._sample(), SAMPLED_S)
        self.clock.run(DAY_S)
        self.figures.close(DAY_S, self.sellers)
        return self.figures

    def _sample(self) -> Process:
        while True:
            self.figures.sample(self.clock.now, self.sellers)
            yield SAMPLED_S

    # === WHO DOES IT === #

    def _scheduler(self, seller: Seller) -> Callable[[str, float], None]:
        def again(task: str, delay_s: float) -> None:
            if self.settings.runner == QUEUE:
                self._pool.enqueue((seller.number, task), partial(self._job, seller, task), delay_s)
            else:
                self._pool.enqueue(task, partial(self._action, task), delay_s)

        return again

    def _dispatch(self, task: str, sellers: list[Seller]) -> None:
        for seller in sellers:
            seller.again(task, 0)

    def _share(self, seller: Seller, work: Callable[[], Process]) -> None:
        self._pool.enqueue((seller.number, "part", work), work)

    def _job(self, seller: Seller, task: str) -> Process:
        return RUNS[task](seller, self.clock.now + JOB_S)

    def _action(self, task: str) -> Process:
        """One account after the other, the longest waiting one first; time is up for all of them."""
        ends_at = self.clock.now + ACTION_S
        due = [seller for seller in self.sellers if task != "reports" or seller.reports]
        for seller in sorted(due, key=lambda it: it.run_at[task]):
            if self.clock.now >= ends_at:
                seller.again(task, 0)
                return
            seller.run_at[task] = self.clock.now
            yield from RUNS[task](seller, ends_at)
