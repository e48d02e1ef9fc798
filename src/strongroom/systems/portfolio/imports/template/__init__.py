"""The workbook that companies fill in."""
