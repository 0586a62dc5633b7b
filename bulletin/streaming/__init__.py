"""Streaming: bulletins sent to Icecast or Liquidsoap, which put them on air immediately."""
