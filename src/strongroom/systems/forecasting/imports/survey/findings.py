"""One thing that was found out about a file, or that has to be told: the choice, why, and what else it could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """value: what to tell for it. evidence: what speaks for it, or comes of it. examples: cells, as it reads them."""

    value: str
    evidence: str = ""
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """subject: the name of the choice. choice: None as long as somebody has to make it."""

    subject: str
    choice: str | None
    evidence: str
    options: Sequence[Option] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is a question."""
        return self.choice is None

    @property
    def question(self) -> str:
        """Such as `date_format (day_first or month_first): 12 dates can be read both ways`."""
        words = " or ".join(option.value for option in self.options)
        return f"{self.subject}{f' ({words})' if words else ''}: {self.evidence}"

    def to_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return asdict(self)
