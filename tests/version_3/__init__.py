"""The night of version 3, in dialects that are all invented: nobody has seen its names yet."""
