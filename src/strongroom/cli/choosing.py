"""`--system`: which of the systems a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

import typer

from strongroom.kernel.errors import ConfigurationError

WhichSystem = Annotated[str | None, typer.Option("--system", "-s", help="One system; all of them when left out.")]


class Named(Protocol):
    """What can be chosen."""

    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


def choose(candidates: Sequence[NamedT], name: str | None) -> tuple[NamedT, ...]:
    """The one of this name, all when there is none. Raises ConfigurationError for an unknown name."""
    chosen = tuple(one for one in candidates if name in (None, one.name))
    if not chosen:
        known = ", ".join(one.name for one in candidates)
        raise ConfigurationError(setting="--system", reason=f"{name!r} is none of {known}")
    return chosen
