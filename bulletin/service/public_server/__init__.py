"""The public web server as a process of its own: nothing that strangers send can keep the clock from its work."""
