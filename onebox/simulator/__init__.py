"""The simulator: seeded days of many offices, played through the public APIs alone."""
