"""What was recorded is looked up: reports, units, histories, the status."""
