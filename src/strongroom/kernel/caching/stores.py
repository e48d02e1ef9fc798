"""What a store of cached answers is: a place that may forget, and may not invent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. version: of the scopes it was made of; answer: pickled, so that no two callers share an object."""

    version: str
    answer: bytes


class Store(Protocol):
    """Holds the latest answer to each question, by key. It may lose any of them at any time; it never raises."""

    #: whether to find something takes long enough to hold an event loop up
    waits: bool

    def find(self, key: str) -> Entry | None:
        """The answer that was kept under this key, of whatever version."""

    def keep(self, key: str, entry: Entry) -> None:
        """Keep an answer in place of the one before."""

    def clear(self) -> None:
        """Forget everything."""
