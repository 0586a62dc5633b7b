"""Slots: reconciled with the clock, retried, met by a stand-by."""
