"""The benchmark: what the server promises, measured against the native Oxigraph server."""
