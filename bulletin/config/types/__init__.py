"""Types of options, with the message for an invalid value."""
