"""The ids, codes and text that the bodies of export readiness have in common."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from strongroom.kernel.web import PRINTABLE_LINE
from strongroom.systems.export_readiness.rules import DOCUMENT, REPORT, dotted, shown_id


def _shown(prefix: str) -> BeforeValidator:
    return BeforeValidator(lambda value: shown_id(value, prefix) if isinstance(value, UUID) else value)


def _dotted(value: Any) -> Any:
    return dotted(value) if isinstance(value, str) and "." not in value else value


ReportId = Annotated[str, _shown(REPORT), Field(examples=["rpt_018f3c5ae1d27c0b9f2c6a1d4e8b7f30"])]
DocumentId = Annotated[str, _shown(DOCUMENT), Field(examples=["doc_018f3c5ae1d27c0b9f2c6a1d4e8b7f30"])]
#: of the Harmonized System, with its dots
HsCodeOut = Annotated[str, BeforeValidator(_dotted), Field(examples=["0910.30"])]

#: nobody can read the other control characters
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=PRINTABLE_LINE)


#: one printable line of as many characters at most
Line100 = Annotated[str, _line(100)]
Line255 = Annotated[str, _line(255)]
Line500 = Annotated[str, _line(500)]
Line1000 = Annotated[str, _line(1000)]
#: several lines
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_TEXT)]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000, pattern=_TEXT)]
