"""A world that a test controls: armed faults, and the journal of calls."""

from .faults import Faults
from .journal import Journal
from .served_world import ServedWorld


class ControlledWorld(ServedWorld):
    """The whole of a running simulator."""

    def reset(self) -> None:
        super().reset()
        self.faults = Faults()
        self.journal = Journal()
