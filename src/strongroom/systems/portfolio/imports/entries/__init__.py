"""From the entries of a table to submissions, with a problem for whatever stands in the way."""
