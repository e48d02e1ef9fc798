"""Ids as people see them: a word for the kind of thing, then 32 hexadecimal digits."""

from __future__ import annotations

from uuid import UUID

REPORT = "rpt_"
DOCUMENT = "doc_"


def shown_id(identifier: UUID, prefix: str) -> str:
    """rpt_018f… for a report."""
    return f"{prefix}{identifier.hex}"


def parse_id(text: UUID | str, prefix: str) -> UUID | None:
    """The id, with or without its prefix and dashes; None for what is no such id, another kind's prefix included."""
    if isinstance(text, UUID):
        return text
    digits = text.removeprefix(prefix)
    try:
        found = UUID(digits)
    except ValueError:
        return None
    # UUID() also takes braces and "urn:uuid:", and dashes anywhere
    return found if digits.lower() in (found.hex, str(found)) else None
