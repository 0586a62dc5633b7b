"""Outlets, a file each; an outlet knows its port, the model and the errors."""
