"""What aired: the log, its export, and what a withdrawal would do."""
