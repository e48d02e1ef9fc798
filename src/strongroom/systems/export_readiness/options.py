"""What export readiness decides for itself: bounds on sign-in and on conversations. settings.py fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportReadinessOptions:
    """sign_in_attempts: wrong passwords before a business is locked out for lockout.

    conversation_lifetime: after this a conversation takes no question any more; conversation_kept: how long after its
    end it can still be read. processing_limit: a report that has been in the making for longer has failed.
    document_fonts: files of fonts for PDFs, tried in this order for letters that DejaVu lacks.
    """

    sign_in_attempts: int = 5
    lockout: timedelta = timedelta(minutes=15)
    conversation_lifetime: timedelta = timedelta(hours=24)
    conversation_kept: timedelta = timedelta(days=30)
    processing_limit: timedelta = timedelta(hours=1)
    document_fonts: tuple[Path, ...] = ()


DEFAULTS = ExportReadinessOptions()
