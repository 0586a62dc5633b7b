"""Article -> sentences that a newsreader can read, each with its source."""
