"""Slots: reconciled with the clock, retried, and filled by a stand-by."""
