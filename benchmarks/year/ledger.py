"""The folder of a year: its settings, a line of figures for each finished week, and the week in progress."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class OtherYear(Exception):
    """The folder holds a year of other settings, or of other code."""


@dataclass(frozen=True)
class Ledger:
    folder: Path

    @property
    def figures(self) -> Path:
        """JSON lines, a week each."""
        return self.folder / "weeks.jsonl"

    @property
    def _settings(self) -> Path:
        """Written last: a year without it was never there."""
        return self.folder / "year.json"

    @property
    def _begun(self) -> Path:
        return self.folder / "begun.json"

    # === SETTINGS === #

    def settings(self) -> dict:
        """Those of the year in progress; empty if there is none."""
        return json.loads(self._settings.read_text("utf-8")) if self._settings.exists() else {}

    def check(self, **asked) -> None:
        """Raise OtherYear where the year in progress is another one than `asked` for."""
        kept = self.settings()
        if other := {name: (kept.get(name), value) for name, value in asked.items() if kept.get(name) != value}:
            differences = "; ".join(f"{name} is {was}, not {value}" for name, (was, value) in other.items())
            raise OtherYear(f"{self.folder}: {differences}")

    def start(self, settings: dict) -> None:
        """A year begins: what was here is forgotten."""
        self.forget()
        _write(self._settings, settings)

    def forget(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self._settings, self._begun, self.figures):
            path.unlink(missing_ok=True)

    # === WEEKS === #

    def lines(self) -> list[dict]:
        """Of the finished weeks, in their order; the beginning of a line that was never finished is dropped."""
        if not self.figures.exists():
            return []
        whole, newline, torn = self.figures.read_text("utf-8").rpartition("\n")
        if torn:
            self.figures.write_text(whole + newline, "utf-8")
        return [json.loads(line) for line in whole.splitlines()]

    def begin(self, number: int, clock: datetime) -> datetime | None:
        """Week `number` is in progress, with Odoo's clock at `clock`. The last such time if it was already, else
        None."""
        before = json.loads(self._begun.read_text("utf-8")) if self._begun.exists() else {}
        _write(self._begun, {"week": number, "clock": clock.isoformat()})
        return datetime.fromisoformat(before["clock"]) if before.get("week") == number else None

    def add(self, line: dict) -> None:
        """The week is finished."""
        with self.figures.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _write(path: Path, content: dict) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content) + "\n", "utf-8")
    draft.replace(path)
