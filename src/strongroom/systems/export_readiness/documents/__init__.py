"""Documents that go out: laid out once, written as a Word file to work on and as a PDF to send."""

from strongroom.systems.export_readiness.documents.files import MEDIA_TYPES, Format, file_name, render
from strongroom.systems.export_readiness.documents.papers import Paper, build_paper, read_paper

__all__ = ["MEDIA_TYPES", "Format", "Paper", "build_paper", "file_name", "read_paper", "render"]
