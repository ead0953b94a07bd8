"""What two services use today: the contracts they speak, and the machinery under them; nothing of one service alone."""
