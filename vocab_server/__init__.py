"""vocab-server: a linked-data concept hierarchy server."""
