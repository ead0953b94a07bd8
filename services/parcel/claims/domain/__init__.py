"""What a claim is, its terms, and what it is worth."""
