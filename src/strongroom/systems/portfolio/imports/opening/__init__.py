"""What was sent, opened as grids of cells, or refused."""
