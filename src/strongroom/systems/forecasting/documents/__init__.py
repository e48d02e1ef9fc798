"""Reports to read and to send: a page (HTML) and a paper (PDF), of one content."""

from strongroom.systems.forecasting.documents.files import MEDIA_TYPES, ReportFormat, file_name, render_report

__all__ = ["MEDIA_TYPES", "ReportFormat", "file_name", "render_report"]
