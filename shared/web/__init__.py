"""What every service's HTTP side has: its lifespan, problems, health, access, one server."""
