"""Loudness, true peak and clicks, by EBU R 128 and ITU-R BS.1770."""
