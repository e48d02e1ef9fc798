"""Where in a grid the figures are: upright tables, tables on their side, and what stands around them."""
