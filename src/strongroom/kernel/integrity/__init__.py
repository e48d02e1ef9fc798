"""Integrity: truths that must hold, said a second time, as SQL."""

from strongroom.kernel.integrity.checks import Check, Finding, Violations, run_checks

__all__ = ["Check", "Finding", "Violations", "run_checks"]
