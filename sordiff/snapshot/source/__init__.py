"""The bytes of a snapshot: from plain, zipped or gzipped files, as streams or in memory."""
