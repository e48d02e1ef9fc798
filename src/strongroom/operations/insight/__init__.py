"""Insight: what the database holds, who is connected to it, and the upkeep that its figures ask for."""

from strongroom.operations.insight.connections import Connected, list_connections
from strongroom.operations.insight.questions import Answer, ask
from strongroom.operations.insight.tables import TableFigures, measure_tables, vacuum

__all__ = ["Answer", "Connected", "TableFigures", "ask", "list_connections", "measure_tables", "vacuum"]
