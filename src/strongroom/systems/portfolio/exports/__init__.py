"""Files that go out: the fund's quarterly report as a workbook, as CSV and as Parquet."""

from strongroom.systems.portfolio.exports.formats import MEDIA_TYPES, Format, write_report
from strongroom.systems.portfolio.exports.report import Report, ReportLine, build_report

__all__ = ["MEDIA_TYPES", "Format", "Report", "ReportLine", "build_report", "write_report"]
