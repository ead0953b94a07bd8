"""Where people live and how they are called: phones, places."""
