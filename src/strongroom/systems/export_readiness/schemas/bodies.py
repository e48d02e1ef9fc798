"""What every body has in common: nothing unknown comes in, numbers keep their digits, text can be kept and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.export_readiness.rules import DOCUMENT, REPORT, dotted, shown_id


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
    """What is answered, read off a row or a result."""

    model_config = ConfigDict(from_attributes=True)


def _exact(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValueError('must be a string such as "12.50": a number with a point has already lost digits')
    try:
        return exact_decimal(value)
    except NotExact as error:
        raise ValueError(error.reason) from None


def _plain(value: Decimal) -> str:
    """No exponent; the decimals that the value has."""
    return format(value, "f")


def _shown(prefix: str) -> BeforeValidator:
    return BeforeValidator(lambda value: shown_id(value, prefix) if isinstance(value, UUID) else value)


def _dotted(value: Any) -> Any:
    return dotted(value) if isinstance(value, str) and "." not in value else value


_IN = {"anyOf": [{"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, {"type": "integer"}], "examples": ["125000.00"]}
_OUT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["125000.00"]}

#: a decimal as it is sent: a string, or a whole number; as it is answered: a string
NumberIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_IN)]
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_OUT)]

ReportId = Annotated[str, _shown(REPORT), Field(examples=["rpt_018f3c5ae1d27c0b9f2c6a1d4e8b7f30"])]
DocumentId = Annotated[str, _shown(DOCUMENT), Field(examples=["doc_018f3c5ae1d27c0b9f2c6a1d4e8b7f30"])]
#: of the Harmonized System, with its dots
HsCodeOut = Annotated[str, BeforeValidator(_dotted), Field(examples=["0910.30"])]

#: PostgreSQL cannot store NUL, and nobody can read the other control characters
_LINE = r"^[^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=_LINE)


#: one printable line of as many characters at most
Line100 = Annotated[str, _line(100)]
Line255 = Annotated[str, _line(255)]
Line500 = Annotated[str, _line(500)]
Line1000 = Annotated[str, _line(1000)]
#: several lines
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_TEXT)]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000, pattern=_TEXT)]
