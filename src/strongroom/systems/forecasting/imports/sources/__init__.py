"""Files of series as rows of cells, streamed, whatever kind of file it is; what is dangerous is refused unread."""

from strongroom.systems.forecasting.imports.sources.opening import naming, open_source, opened
from strongroom.systems.forecasting.imports.sources.tables import Cell, Row, SheetsToChoose, Source

__all__ = ["Cell", "Row", "SheetsToChoose", "Source", "naming", "open_source", "opened"]
