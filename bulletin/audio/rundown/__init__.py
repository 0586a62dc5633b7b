"""Rundown: which stories air, at which length, and when each sound starts."""
