"""A night comes in: read, compared, judged, recorded, decided."""
