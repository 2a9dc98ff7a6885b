"""A world that a test controls: armed faults and habits, how messages come, and the journal of calls."""

from datetime import datetime, timedelta

from ..api.served_world import ServedWorld
from .delivery import Delivery
from .faults import Faults
from .habits import Habits
from .journal import Journal


class ControlledWorld(ServedWorld):
    """The whole of a running simulator."""

    def reset(self) -> None:
        super().reset()
        self.faults = Faults()
        self.habits = Habits()
        self.delivery = Delivery()
        self.journal = Journal()

    def advance(self, seconds: float) -> datetime:
        """The same, step by step while a habit watches."""
        target = self.clock.now + timedelta(seconds=seconds)
        while self.habits.watch(self):
            step = min((at for each in self.moving if (at := self.due_at(each)) is not None), default=target)
            if step >= target:
                break
            super().advance(max(0.0, (step - self.clock.now).total_seconds()))
        return super().advance((target - self.clock.now).total_seconds())
