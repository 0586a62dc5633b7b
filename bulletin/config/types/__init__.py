"""Types of options: what a value may be, and the message when it is not."""
