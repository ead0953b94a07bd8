"""What tracking does, a function each; a use case gets an open transaction and never commits."""
