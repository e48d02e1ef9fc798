"""What people write in a cell: numbers, quarters, headings, names of companies."""
