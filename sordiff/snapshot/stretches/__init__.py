"""The plain road, quickly: a stream stretch by stretch, and only what is unusual by the parser."""
