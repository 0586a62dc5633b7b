"""Delivery of bulletins to places outside the output folder."""
