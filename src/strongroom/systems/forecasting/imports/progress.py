"""How far a file is, told every few thousand rows: whoever listens may also end the work by raising."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

#: what is being done (surveying, reading, storing), how much of it is done, and of how much, None where not known
Progress = Callable[[str, int, int | None], None]

_EVERY = 5_000


def silent(stage: str, done: int, total: int | None) -> None:
    """The progress of a program that nobody watches."""


def counted(items: Iterable[T], progress: Progress, stage: str, total: int | None = None) -> Iterator[T]:
    """The same items, telling how many there were: now and then, and at the end."""
    done = 0
    for item in items:
        yield item
        done += 1
        if done % _EVERY == 0:
            progress(stage, done, total)
    progress(stage, done, total)
