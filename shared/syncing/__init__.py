"""What devices did without a line and send later: records, each applied once, in order, or set aside."""
