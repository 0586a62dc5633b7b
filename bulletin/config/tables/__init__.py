"""Tables of a profile beside [station], one file for each."""
