"""Rows that cannot be read: the first ones named so that they can be put right, every one of them counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

#: how many are named
NAMED_MAX = 50

_VALUE_LETTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class RowProblem:
    """line: as the file counts. column: its heading. value: what stands there, shortened."""

    line: int
    column: str | None
    value: str | None
    reason: str

    @property
    def sentence(self) -> str:
        """The place and the reason, without the value: fit for a log."""
        return f"line {self.line}{f', {self.column}' if self.column else ''}: {self.reason}"

    def to_dict(self) -> dict[str, str | int | None]:
        """The same for programs."""
        return asdict(self)


@dataclass(slots=True)
class RowProblems:
    """named: the first ones, in the order of the file; by_reason: how many of each kind; rows: how many have any."""

    named: list[RowProblem] = field(default_factory=list)
    by_reason: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _line: int = 0

    def add(self, line: int, column: str | None, value: object, reason: str) -> None:
        """Note a problem. Lines come in order."""
        self.by_reason[reason] += 1
        if line != self._line:
            self.rows += 1
            self._line = line
        if len(self.named) < NAMED_MAX:
            self.named.append(RowProblem(line, column, _shown(value), reason))

    @property
    def count(self) -> int:
        """How many problems there are, named or not."""
        return self.by_reason.total()

    def sentences(self) -> Iterator[str]:
        """Every named one, and how many more there are."""
        for problem in self.named:
            yield problem.sentence
        if self.count > len(self.named):
            yield f"and {self.count - len(self.named):,} more"


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = " ".join(str(value).split())
    return text if len(text) <= _VALUE_LETTERS_MAX else f"{text[:_VALUE_LETTERS_MAX]}…"
