"""Ledgers of slots, speech, runs and deliveries: work that is due, in progress or done."""
