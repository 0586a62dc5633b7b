"""Actions of editors: one function each, for the commands, the JSON API and the pages."""
