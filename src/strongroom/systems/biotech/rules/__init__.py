"""What biotech decides and computes: no database, no web, no clock; import from the file that has the noun."""
