"""Codes of the Harmonized System and dated rates on the wire."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from strongroom.kernel.web import NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import Constant
from strongroom.systems.export_readiness.rules.documents import plain_fields
from strongroom.systems.export_readiness.schemas.bodies import Line100, Line1000


class HeadingOut(ResponseBody):
    """A chapter, heading or subheading."""

    code: str = Field(description="2, 4 or 6 digits.", examples=["091030"])
    section: str
    level: int
    parent: str | None
    description: str
    source: str
    source_date: date


class SuggestionOut(ResponseBody):
    """A code that fits."""

    code: str
    description: str
    confidence: NumberOut = Field(description="0 to 100.")


class SearchOut(ResponseBody):
    """What words found, best first."""

    words: list[str] = Field(description="Those that were looked for, after slips of the pen were put right.")
    suggestions: list[SuggestionOut]


class VerdictOut(ResponseBody):
    """What there is to say of a code."""

    code: str
    is_known: bool
    national_digits: str = Field(description="Behind the first six, which each country gives out itself.")
    path: list[HeadingOut]
    likely: list[HeadingOut] = Field(description="The nearest codes that there are, for one that there is not.")


class RateIn(RequestBody):
    """A constant that holds from a day on. Without a value, details say it all."""

    calculator: Line100 = Field(max_length=50, examples=["rodtep"])
    name: Line100 = Field(examples=["0910"])
    value: NumberIn | None = Field(default=None, examples=["2.3"])
    unit: Line100 = Field(max_length=30, examples=["percent"])
    source: Line1000 = Field(description="Who published it, and where.")
    valid_from: date
    details: dict[str, Any] = Field(default={}, max_length=200)

    def as_constant(self) -> Constant:
        """The same for those who keep it. Raises InvalidValue for details that JSON does not keep exactly."""
        return Constant(**{**dict(self), "details": plain_fields(self.details)})


class RateOut(ResponseBody):
    """A constant."""

    calculator: str
    name: str
    value: NumberOut | None
    unit: str
    source: str
    valid_from: date
    details: dict[str, Any]
