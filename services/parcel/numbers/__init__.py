"""Item numbers: what the post grants, what offices reserve, what a process has at hand."""
