"""An article worded anew by a language model that nobody believes."""
