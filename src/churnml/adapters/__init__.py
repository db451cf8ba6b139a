"""The only rooms that import an engine or a tracking server."""
