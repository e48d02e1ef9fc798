"""The text that the bank's bodies have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from strongroom.kernel.web import PRINTABLE_LINE, STORABLE_TEXT

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTABLE_LINE)]
Description = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE_LINE)
]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=PRINTABLE_LINE)]
Notes = Annotated[str, StringConstraints(max_length=2000, pattern=STORABLE_TEXT)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
