"""How many accounts, orders and workers, and who starts the work."""

from dataclasses import dataclass

DAY_S = 86_400
QUEUE, ACTIONS = "queue", "actions"


@dataclass(frozen=True)
class Settings:
    """A day. `own`: the share of orders of other channels; the others are sold on Amazon."""

    accounts: int = 10
    orders: int = 10_000  # a day and account, of both kinds
    own: float = 0.5
    peak: float = 1.8  # the busiest hour beside the mean
    changes: int = 2  # of an order in Amazon's list of all orders: placed, shipped
    reads: int = 3  # of an own order: received, in process, shipped
    workers: int = 8  # jobs at a time; of scheduled actions max_cron_threads, of all servers together
    runner: str = QUEUE
    latency_s: float = 0.3  # Amazon's answer
    skus: int = 1_000
    dear: float = 1.0  # what an order costs in Odoo and PostgreSQL beside the figures of docs/performance.md
    seed: int = 1

    @property
    def own_orders(self) -> int:
        """A day and account."""
        return round(self.orders * self.own)

    @property
    def sold_orders(self) -> int:
        return self.orders - self.own_orders

    @property
    def listed(self) -> int:
        """Rows of Amazon's list of all orders a day and account: own orders have an echo in it."""
        return self.orders * self.changes
