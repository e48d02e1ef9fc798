"""Views as pictures: SVG and PNG drawn by matplotlib, which is imported when the first chart is asked for."""

from strongroom.kernel.drawing import ChartFormat
from strongroom.systems.portfolio.charts.alerts import alert_chart
from strongroom.systems.portfolio.charts.cohorts import cohort_chart
from strongroom.systems.portfolio.charts.funds import fund_chart
from strongroom.systems.portfolio.charts.trends import trend_chart

__all__ = ["ChartFormat", "alert_chart", "cohort_chart", "fund_chart", "trend_chart"]
