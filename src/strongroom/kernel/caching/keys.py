"""What a question is known under: one text for equal arguments, another one for any that differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def digest(*parts: object) -> str:
    """A key for these parts. Raises TypeError for a part that is no plain value."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The value as text, with its kind and length, so that no two values read the same."""
    match value:
        case None | bool():
            text = repr(value)
        case Enum():
            text = f"{type(value).__qualname__}.{value.name}"
        case int() | float() | str() | Decimal() | UUID() | date() | datetime() | bytes():
            text = repr(value)
        case list() | tuple():
            text = "".join(map(canonical, value))
        case set() | frozenset():
            text = "".join(sorted(map(canonical, value)))
        case Mapping():
            text = "".join(sorted(canonical(pair) for pair in value.items()))
        case _ if is_dataclass(value) and not isinstance(value, type):
            text = "".join(canonical((field.name, getattr(value, field.name))) for field in fields(value))
        case _:
            raise TypeError(f"{type(value).__name__} is no plain value")
    return f"{type(value).__name__}:{len(text)}:{text}"
