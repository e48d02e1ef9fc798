"""The text and the measures that the bodies of forecasting have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from strongroom.kernel.web import PRINTABLE_LINE

#: a measure that is computed from a series, not an amount
Ratio = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTABLE_LINE)]
Word = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE_LINE)]
CurrencyCode = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$")]
