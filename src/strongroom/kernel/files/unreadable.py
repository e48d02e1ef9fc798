"""The one way for a file to be refused before any cell of it was looked at."""

from __future__ import annotations


class Unreadable(Exception):
    """The file, or a whole sheet, cannot be read. row: of the file, where known."""

    def __init__(self, reason: str, fix: str, *, row: int | None = None, value: object = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.row = row
        self.value = value
