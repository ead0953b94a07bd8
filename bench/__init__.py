"""What the post office costs, measured against the bare libraries in the same run."""
