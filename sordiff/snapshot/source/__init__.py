"""Where the bytes of a snapshot come from: plain, zipped or gzipped files, mapped into memory."""
