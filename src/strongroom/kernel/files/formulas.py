"""What a spreadsheet would take for a formula, and how text is kept from it in a file that has no types."""

from __future__ import annotations

_MARKER = "'"
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def guard_text(text: str) -> str:
    """The text for a CSV file; with a ' before it if a spreadsheet would calculate it, or if it begins so already."""
    return f"{_MARKER}{text}" if text.startswith((*_FORMULA_BEGINS, _MARKER)) else text


def unguard_text(text: str) -> str:
    """The text that `guard_text` was given; anything else as it is."""
    return text[1:] if text.startswith(_MARKER) and text[1:].startswith((*_FORMULA_BEGINS, _MARKER)) else text
