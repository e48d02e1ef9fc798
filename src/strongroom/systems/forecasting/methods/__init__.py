"""How series are continued: single methods by the forecasting library, their ensemble, and `auto`, which weighs them.

Nothing here knows a database. The forecasting library and numpy are imported when a forecast is first made: they take
seconds, which no server should spend on starting.
"""

from strongroom.systems.forecasting.methods.catalogue import AUTO, COMPARED, METHODS, SINGLE, Method
from strongroom.systems.forecasting.methods.panel import Continuation, Series, forecast_many

__all__ = ["AUTO", "COMPARED", "METHODS", "SINGLE", "Continuation", "Method", "Series", "forecast_many"]
