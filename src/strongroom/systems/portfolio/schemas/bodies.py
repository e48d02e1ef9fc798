"""The text that the bodies of portfolio have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from strongroom.kernel.web import PRINTABLE_LINE

CompanyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=PRINTABLE_LINE)
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTABLE_LINE)]
CurrencyCode = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$")]
