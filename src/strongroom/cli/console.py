"""How the commands speak: steps with their time, findings, and what to do next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)


class Step:
    """A step under way; `result` is what is said when it is done."""

    def __init__(self) -> None:
        self.result = ""


@contextmanager
def step(what: str) -> Iterator[Step]:
    """Show that a step is under way, then what came of it and how long it took."""
    started = time.perf_counter()
    current = Step()
    with console.status(what):
        yield current
    seconds = time.perf_counter() - started
    console.print(f"[green]✓[/green] {current.result or what} [dim]{seconds:.1f} s[/dim]", soft_wrap=True)
