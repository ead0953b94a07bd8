"""Enquiries about items and what the post pays for those that it lost, damaged or wrongly sent back."""
