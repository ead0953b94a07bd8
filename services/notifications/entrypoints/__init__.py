"""Where work comes in: events, loops, pages."""
