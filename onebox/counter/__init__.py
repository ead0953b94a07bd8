"""A counter's device as a program: it works a day without a line, keeps everything on its disk, and sends it later."""
