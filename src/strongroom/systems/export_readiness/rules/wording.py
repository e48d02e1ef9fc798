"""Data in words, for people: keys as labels, values as one text without signs that could hide or turn other text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOTHING = "-"
#: joiners of letters in Indic and Arabic scripts; they show nothing themselves
JOINERS = "\u200c\u200d"

_DEPTH_MAX = 4


def label_of(key: str) -> str:
    """A key in words: `port_of_loading` is Port of loading."""
    return key.replace("_", " ").strip().capitalize()


def written(value: Any, depth: int = 0) -> str:
    """A value of JSON as one text without control or direction characters; a hyphen for nothing."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case Mapping() if depth < _DEPTH_MAX:
            return "; ".join(f"{printable(label_of(str(key)))}: {written(value[key], depth + 1)}" for key in value)
        case list() | tuple() if depth < _DEPTH_MAX:
            return "; ".join(written(inner, depth + 1) for inner in value)
    return printable(str(value))


def printable(text: str) -> str:
    """The text with a space for each sign that cannot be printed; line breaks stay."""
    return "".join(sign if sign.isprintable() or sign in JOINERS + "\n" else " " for sign in text)
