"""Where requests, pages and events come in; they open the transactions."""
