"""Duties on a running database; they are handed the systems' plugs and know none of them by name."""
