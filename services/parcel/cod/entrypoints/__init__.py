"""How the world reaches this room: HTTP and events."""
