"""What every body has in common: nothing unknown comes in, and text is text that a database can keep."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class RequestBody(BaseModel):
    """What is sent. A field nobody knows is refused: it may be a misspelt one that was meant to matter."""

    model_config = ConfigDict(extra="forbid")


class ResponseBody(BaseModel):
    """What is answered, read off a row."""

    model_config = ConfigDict(from_attributes=True)


#: one printable line; PostgreSQL cannot store NUL, and a line break would forge a line of a statement
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_PRINTABLE)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=_PRINTABLE)]
#: several lines
Notes = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
