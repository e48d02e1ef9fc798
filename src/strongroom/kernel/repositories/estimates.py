"""How many rows a query will find, by the planner's guess: milliseconds where a count would read the table."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ClauseElement, Executable, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session


class _Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, query: Select[Any]) -> None:
        self.query = query


@compiles(_Explain)
def _explain(element: _Explain, compiler: Any, **arguments: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.query, **arguments)}"


def estimated_rows(session: Session, query: Select[Any]) -> int:
    """PostgreSQL only. As good as the table's statistics; exact counts cost a scan."""
    plan = session.connection().execute(_Explain(query)).scalar_one()
    document = json.loads(plan) if isinstance(plan, str) else plan
    return int(document[0]["Plan"]["Plan Rows"])
