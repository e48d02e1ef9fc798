"""What the bodies of all systems share: nothing unknown comes in, numbers keep their digits, text can be kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, as_utc, exact_decimal

#: one printable line; PostgreSQL cannot store NUL, and a line break would forge a line of a list or a report
PRINTABLE_LINE = r"^[^\x00-\x1f\x7f]*$"
#: several lines
STORABLE_TEXT = r"^[^\x00]*$"


class RequestBody(BaseModel):
    """What is sent. A field nobody knows is refused: it may be a misspelt one that was meant to matter."""

    model_config = ConfigDict(extra="forbid")

    def sent(self) -> dict[str, Any]:
        """The fields that were sent, by name; those left out are not among them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class ChangeBody(RequestBody):
    """Fields to change; what is left out stays as it is. may_be_empty: those that null may be sent for."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by name. Raises InvalidValue for a null where there must be a value."""
        sent = self.sent()
        for name in sorted(sent.keys() - self.may_be_empty):
            if sent[name] is None:
                raise InvalidValue(field=name, reason="must have a value; leave it out to keep what it is")
        return sent


class ResponseBody(BaseModel):
    """What is answered, read off a row, a view or a result."""

    model_config = ConfigDict(from_attributes=True)


def read_exact(value: Any) -> Decimal:
    """The decimal that was sent. Raises ValueError for a JSON number with a point, which is a float by now."""
    if isinstance(value, float):
        raise ValueError('must be a string such as "12.50": a number with a point has already lost digits')
    try:
        return exact_decimal(value)
    except NotExact as error:
        raise ValueError(error.reason) from None


def decimal_schema(example: str, *, may_be_whole: bool = False) -> WithJsonSchema:
    """How a decimal shows in the documentation: a string; may_be_whole: or a whole number, as it may be sent."""
    text = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
    shape = {"anyOf": [text, {"type": "integer"}]} if may_be_whole else text
    return WithJsonSchema({**shape, "examples": [example]})


def _plain(value: Decimal) -> str:
    """No exponent; the decimals that the value has."""
    return format(value, "f")


def _in_utc(value: datetime) -> datetime:
    try:
        return as_utc(value)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999 in UTC") from None


#: a decimal as it is sent: a string, or a whole number; as it is answered: a string
NumberIn = Annotated[Decimal, BeforeValidator(read_exact), decimal_schema("1250.00", may_be_whole=True)]
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), decimal_schema("1250.00")]
#: a moment; one that names no zone is in UTC
MomentIn = Annotated[datetime, AfterValidator(_in_utc)]
