"""Servers in processes of their own, so that no request can delay the clock: supervised, restarted, told to stop."""
