"""Commands of an editor: add, kill, withdraw and explain stories."""
