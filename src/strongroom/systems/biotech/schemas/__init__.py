"""What biotech takes and answers over HTTP, a file a noun."""
