"""Weights as documents show them."""


def kilograms(weight_g: int) -> str:
    """Return grams as kilograms with three places, as scales and customs show them."""
    return f"{weight_g // 1000}.{weight_g % 1000:03d} kg"
