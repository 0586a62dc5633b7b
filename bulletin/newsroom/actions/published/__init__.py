"""Actions of editors on published bulletins: withdraw, correct, block."""
