"""The classifications of a night, read from SorDataTypes.xml by its shape."""
