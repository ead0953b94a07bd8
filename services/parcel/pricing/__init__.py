"""What a parcel costs: limits, tariffs, quotes, the day's rate, and money given back."""
