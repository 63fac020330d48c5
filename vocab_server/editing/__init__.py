"""Writing: how a change becomes durable and visible."""
