"""What changed at a seller, while somebody wants to know."""

Change = tuple[object, object]
"""An order, a sale or the stock of a SKU, and the part of it that changed."""


class Changes:
    """The changes since they were last taken, the first ones first; one that happens twice counts once.

    Without `listening` nothing is kept.
    """

    def __init__(self, listening: bool = False) -> None:
        self.listening = listening
        self._noted: dict[tuple[int, int], Change] = {}

    def note(self, subject: object, part: object) -> None:
        if self.listening:
            self._noted[id(subject), id(part)] = (subject, part)

    def take(self) -> list[Change]:
        """All of them, which are forgotten."""
        if not self._noted:
            return []
        noted, self._noted = self._noted, {}
        return list(noted.values())

    def __reduce__(self) -> tuple[type["Changes"], tuple[bool]]:
        """Saved, or copied, without its changes: they go by identity."""
        return Changes, (self.listening,)
