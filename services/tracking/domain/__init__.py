"""What scans mean and what they add up to; pure."""
