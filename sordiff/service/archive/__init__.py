"""The archive beside the changelog: nights are kept, decisions noted, and both made anew."""
