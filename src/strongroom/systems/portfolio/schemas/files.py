"""What became of a file that was sent, or would become of it."""

from __future__ import annotations

from typing import Any, Self

from strongroom.kernel.web import ResponseBody
from strongroom.systems.portfolio.imports import Reading


class FileProblemOut(ResponseBody):
    """One thing to put right: where it stands, why it cannot be taken, and how to mend it."""

    sheet: str
    row: int | None
    column: str | None
    header: str | None
    value: str | None
    reason: str
    fix: str


class ReadingOut(ResponseBody):
    """What a file holds. With a problem, nothing of it would be stored."""

    file: str
    quarters: int
    companies: int
    problems: list[FileProblemOut]
    notices: list[str]

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """The reading, counted."""
        about: dict[str, Any] = {
            "file": reading.file,
            "quarters": len(reading.records),
            "companies": len({record.company.id for record in reading.records}),
            "problems": list(reading.problems),
            "notices": list(reading.notices),
        }
        return cls.model_validate(about)


class ImportedOut(ResponseBody):
    """What became of a file: quarters submitted, of how many companies."""

    file: str
    quarters: int
    companies: int
    notices: list[str]


class RatesImportedOut(ResponseBody):
    """What became of a file of rates. unknown: rows left out, by country whose currency is not known."""

    rows: int
    added: int
    changed: int
    unchanged: int
    by_currency: dict[str, int]
    unknown: dict[str, int]
