"""Reports as pictures: SVG and PNG drawn by matplotlib, which is imported when the first chart is asked for."""

from strongroom.kernel.drawing import ChartFormat
from strongroom.systems.forecasting.charts.course import course_chart
from strongroom.systems.forecasting.charts.scenarios import scenario_chart

__all__ = ["ChartFormat", "course_chart", "scenario_chart"]
