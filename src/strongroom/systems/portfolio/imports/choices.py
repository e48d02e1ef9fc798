"""What whoever sends a file may tell about it, where the file itself leaves it open."""

from __future__ import annotations

from dataclasses import dataclass

from strongroom.kernel.files.numbers import DecimalMark


@dataclass(frozen=True, slots=True)
class Choices:
    """None: the file has to show it.

    company: whose figures they are, by name or id, where the file names no company. encoding: of a CSV file.
    decimal_mark: of numbers that are text.
    """

    company: str | None = None
    encoding: str | None = None
    decimal_mark: DecimalMark | None = None
