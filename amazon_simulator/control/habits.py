"""Habits of the real Amazon that its documentation does not name: while armed, they bend answers or refuse calls."""

import copy
from dataclasses import asdict, dataclass, field
from typing import Any

from ..api import download
from ..api.operations import Call, Operation
from ..world.world import World
from . import bends_lists, bends_order, bends_report, bends_time, bends_words, refusals
from .armed import Armed, ArmedList
from .bend import Bend, Json, Occasion
from .input import ControlError, Input

BENDS: dict[str, Bend] = {
    **bends_order.BENDS,
    **bends_words.BENDS,
    **bends_lists.BENDS,
    **bends_time.BENDS,
    **bends_report.BENDS,
    **refusals.BENDS,
}
"""Every habit by its name; `docs/simulator.md` says what each imitates."""

_KEYS = ("habit", "operation", "order_id", "count", "probability", "seed")


@dataclass(kw_only=True)
class Habit(Armed):
    """One armed habit. `order_id`: it is only about this order, a sellerFulfillmentOrderId or an Amazon order id."""

    habit: str
    order_id: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._memory: dict[Any, Any] = {}

    @classmethod
    def read(cls, call: Input) -> "Habit":
        """From the body of a control call. Raises ControlError."""
        name = call.text("habit")
        bend = BENDS.get(name)
        if bend is None:
            raise ControlError(f"unknown habit {name!r}; known: {', '.join(sorted(BENDS))}")
        unknown = sorted(set(call.body) - {*_KEYS, *bend.options})
        if unknown:
            raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join((*_KEYS, *bend.options))}")
        operation = call.text("operation", "*")
        if operation not in ("*", *bend.operations):
            raise ControlError(f"{name} does not concern {operation!r}; only: *, {', '.join(bend.operations)}")
        if bend.needs and not any(call.body.get(key) is not None for key in bend.needs):
            raise ControlError(f"{name} requires {' or '.join(bend.needs)}")
        given = {key: value for key, value in call.body.items() if key in ("count", "probability", "seed")}
        order_id = None if call.body.get("order_id") is None else call.text("order_id")
        options = {key: option(call, key) for key, option in bend.options.items()}
        return cls(habit=name, operation=operation, order_id=order_id, options=options, **given)

    def dump(self) -> Json:
        """As it was armed, with its defaults and the calls left."""
        values = asdict(self)
        return {key: values[key] for key in _KEYS} | self.options

    @property
    def kind(self) -> Bend:
        return BENDS[self.habit]

    def meet(self, operation_id: str, call: Call) -> Occasion | None:
        """Draw whether this call meets it; None when not."""
        on = Occasion(operation_id, call, self.order_id, self.options, self._memory)
        fits = self.hits(operation_id) and operation_id in self.kind.operations and on.is_met
        return on if fits and self.strikes() else None

    def watch(self, world: World) -> bool:
        """Look at the world, before the clock moves; False when the habit does not care."""
        if self.kind.watch is None:
            return False
        self.kind.watch(world, self._memory, self.options)
        return True


class Habits(ArmedList[Habit]):
    """The armed habits. Each bends what the one before it left."""

    def answer(self, operation: Operation, call: Call, met: list[str]) -> Json:
        """Do the call; the names of the habits that changed anything are added to `met`. Raises ApiError."""
        occasions = [(habit, on) for habit in self if (on := habit.meet(operation.operation_id, call))]
        for habit, on in occasions:
            refusal = habit.kind.refuse(on)
            if refusal is not None:
                self._note(habit, met)
                raise refusal
        answer = operation.handler(call)
        for habit, on in occasions:
            bent = copy.deepcopy(answer)  # it holds parts of the world
            habit.kind.bend(bent, on)
            if bent != answer:
                self._note(habit, met)
                answer = bent
        return answer

    def rewritten(self, text: str, call: Call, met: list[str]) -> str:
        """The text of a report as it is downloaded; the habits that changed it are added to `met`."""
        for habit in self:
            on = habit.meet(download.OPERATION, call)
            changed = habit.kind.rewrite(text, on) if on else text
            if changed != text:
                self._note(habit, met)
                text = changed
        return text

    def watch(self, world: World) -> bool:
        """Let those that care look at the world before the clock moves; whether there are any."""
        return any([habit.watch(world) for habit in self])

    def _note(self, habit: Habit, met: list[str]) -> None:
        met.append(habit.habit)
        self.use_up(habit)
