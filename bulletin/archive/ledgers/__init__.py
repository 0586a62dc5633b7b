"""Ledgers of slots, speech, runs and deliveries: what is due, in progress and done."""
