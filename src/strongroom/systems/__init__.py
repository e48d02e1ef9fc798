"""Five complete financial systems of one shape."""
