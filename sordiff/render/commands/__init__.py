"""What the commands print for people, a module a command."""
