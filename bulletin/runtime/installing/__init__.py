"""Files that a command installs in the user's data folder, each checked by its hash."""
