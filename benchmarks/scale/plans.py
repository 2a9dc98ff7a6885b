"""Amazon's usage plans: the rates that the gateway knows, and a bucket for each account and operation."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

GATEWAY = Path(__file__).parents[2] / "fba_connector/amazon"
# Kept back, as amazon/pace.py does: calls never arrive at the pace they left.
SPARE = 1


@dataclass(frozen=True)
class Operation:
    name: str
    rate: float  # calls a second
    burst: int

    @property
    def a_day(self) -> int:
        """Calls that the plan has for a day, at most."""
        return self.burst + int(self.rate * 24 * 3600)


def operations(folder: Path = GATEWAY) -> dict[str, Operation]:
    """{name: what the gateway's source says}; it is read, not imported, as it needs Amazon's library."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Operation":
                words = {it.arg: ast.literal_eval(it.value) for it in node.keywords if it.arg in ("rate", "burst")}
                name = ast.literal_eval(node.args[0])
                found[name] = Operation(name, words["rate"], words["burst"])
    return found


@dataclass
class Bucket:
    """Fills with the plan's rate; a call that is taken when it holds none has its place later."""

    operation: Operation
    calls: float = 0.0
    since: float = 0.0
    taken: int = 0
    places: list[float] | None = field(default=None, repr=False)  # of all calls, where somebody asks for them

    def __post_init__(self) -> None:
        self.calls = self._size

    @property
    def _size(self) -> int:
        return max(1, self.operation.burst - SPARE)

    def wait(self, now: float) -> float:
        """Seconds until a call may go."""
        return max(0.0, (1 - self.left(now)) / self.operation.rate)

    def take(self, now: float, count: int = 1) -> float:
        """When the last of so many calls may go."""
        for _call in range(count):
            if self.places is not None:
                self.places.append(now + self.wait(now))
            last = now + self.wait(now)
            self.calls, self.since = self.left(now) - 1, now
        self.taken += count
        return last

    def left(self, now: float) -> float:
        return min(self._size, self.calls + (now - self.since) * self.operation.rate)
