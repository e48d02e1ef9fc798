"""What every body has in common: nothing unknown comes in, numbers keep their digits, text is one printable line."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal


class RequestBody(BaseModel):
    """What is sent. A field nobody knows is refused: it may be a misspelt one that was meant to matter."""

    model_config = ConfigDict(extra="forbid")


class ChangeBody(RequestBody):
    """Fields to change; what is left out stays as it is. may_be_empty: those that null may be sent for."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by name. Raises InvalidValue for a null where there must be a value."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        for name in sorted(sent.keys() - self.may_be_empty):
            if sent[name] is None:
                raise InvalidValue(field=name, reason="must have a value; leave it out to keep what it is")
        return sent


class ResponseBody(BaseModel):
    """What is answered, read off a row or a view."""

    model_config = ConfigDict(from_attributes=True)


def _exact(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValueError('must be a string such as "12.50": a number with a point has already lost digits')
    try:
        return exact_decimal(value)
    except NotExact as error:
        raise ValueError(error.reason) from None


def _plain(value: Decimal) -> str:
    """No exponent; the decimals that the column has."""
    return format(value, "f")


_IN = {"anyOf": [{"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, {"type": "integer"}], "examples": ["1250000.00"]}
_OUT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250000.00"]}

#: a decimal as it is sent: a string, or a whole number; as it is answered: a string
NumberIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_IN)]
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_OUT)]

#: one printable line; PostgreSQL cannot store NUL, and a line break would forge a line of a report
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

CompanyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=_PRINTABLE)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE)]
CurrencyCode = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$")]
