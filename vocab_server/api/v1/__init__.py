"""Our own REST API, version 1: JSON with the property names of the standards."""
