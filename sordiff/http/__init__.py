"""The changelog over HTTP: JSON, events and streams for programs. Starlette is known here alone."""
