"""What is told to whom, in which words, and what may become of a message; pure."""
