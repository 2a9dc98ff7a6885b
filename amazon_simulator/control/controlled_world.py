"""A world that a test controls: armed faults and habits, and the journal of calls."""

from ..api.served_world import ServedWorld
from .faults import Faults
from .habits import Habits
from .journal import Journal


class ControlledWorld(ServedWorld):
    """The whole of a running simulator."""

    def reset(self) -> None:
        super().reset()
        self.faults = Faults()
        self.habits = Habits()
        self.journal = Journal()
