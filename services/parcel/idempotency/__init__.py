"""Creating requests and the answers that were given to them."""
