"""Makes the workbook that companies fill in, begun for those who are to receive it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.errors import CompanyNotFound
from strongroom.systems.portfolio.imports.wording.companies import Directory
from strongroom.systems.portfolio.services.figures import find_companies


def build_template(session: Session, companies: Sequence[str] = ()) -> bytes:
    """An .xlsx file to fill in. companies: names or ids to begin a row for. Raises CompanyNotFound."""
    from strongroom.systems.portfolio.imports.template.drawing import draw_template  # half a second, when it is needed

    directory = Directory(find_companies(session).values())
    found = [directory.find(text) for text in companies]
    if None in found:
        raise CompanyNotFound
    return draw_template([(company.name, company.reporting_currency) for company in found if company])
