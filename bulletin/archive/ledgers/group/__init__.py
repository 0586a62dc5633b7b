"""Ledgers of a group of stations on many machines."""
