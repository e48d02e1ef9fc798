"""The money, scores, text and documents that the bodies of biotech have in common."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from strongroom.kernel.web import PRINTABLE_LINE, STORABLE_TEXT, NumberIn, ResponseBody

DOCUMENT_BYTES_MAX = 65_536
DOCUMENT_DEPTH_MAX = 32


def _storable(document: dict[str, Any]) -> dict[str, Any]:
    """The document, if the database can hold it: no NUL, no half characters, no NaN, not too deep, not too long."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DOCUMENT_DEPTH_MAX:
            raise ValueError(f"must not be nested deeper than {DOCUMENT_DEPTH_MAX}")
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError("must hold finite numbers only")
        elif isinstance(value, str) and any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("must hold text that can be stored: no NUL and no half of a character")
    if len(json.dumps(document, ensure_ascii=False).encode()) > DOCUMENT_BYTES_MAX:
        raise ValueError(f"must have at most {DOCUMENT_BYTES_MAX} bytes as JSON")
    return document


#: US dollars, not millions of them: sent as a string or a whole number, answered as a string
UsdIn = Annotated[NumberIn, Field(ge=0, max_digits=20, decimal_places=2)]

#: 0 to 100; 0 to 10; 0 to 1
Score = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Fit = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2_147_483_647)]

Document = Annotated[dict[str, Any], AfterValidator(_storable)]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=PRINTABLE_LINE)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=PRINTABLE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=STORABLE_TEXT)]
Ticker = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9.\-]{1,10}$")]
SignalTypeName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=PRINTABLE_LINE)
]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")]
HttpUrl = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s\x00-\x1f]+$")]
Tickers = Annotated[list[Ticker], Field(max_length=1000)]
Lines = Annotated[list[Title], Field(max_length=100)]

#: `metadata` in the API is the attribute `extra` of a row, since every mapped class has a `metadata` of its own
MetadataOut = Annotated[dict[str, Any], Field(validation_alias="extra")]


class CompanyBriefOut(ResponseBody):
    """Which company a row is about."""

    id: UUID
    ticker: str
    name: str
