"""Language models that may word an article anew; each knows only its port and errors."""
