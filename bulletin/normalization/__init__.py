"""The ear: small steps from text as written to words as read, and the tables they read."""
