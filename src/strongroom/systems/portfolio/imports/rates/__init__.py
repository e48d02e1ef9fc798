"""Exchange rates as they are published."""
