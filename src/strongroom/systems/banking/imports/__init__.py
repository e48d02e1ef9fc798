"""Other banks' records, brought into these books: a package a source."""
