"""Banking."""
