"""Limits that no register comes near; a file beyond them is hostile, or something else."""

from typing import Final

# Four times the ids that were issued in the register's first fifteen years.
MAX_UNITS: Final = 600_000
# No record is so long, in bytes; and no text in it can then be longer than the plain road allows.
MAX_RECORD_LENGTH: Final = 65_536
# Units in each other. The plain road's parser refuses 256 levels of elements, those inside of a
# record among them.
MAX_DEPTH: Final = 200
