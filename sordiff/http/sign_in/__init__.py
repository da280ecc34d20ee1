"""Who asks: tokens of programs, sessions of people, people that a proxy knows."""
