"""The CSV files of the register: how they are read, refused, compared and recorded."""
