"""How the world reaches this room: HTTP, events, commands."""
