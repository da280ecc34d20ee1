"""The fast road: records found and read in the bytes, and only where that is sure."""
