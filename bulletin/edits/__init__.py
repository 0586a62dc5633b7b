"""Editors' decisions, applied to every bulletin that is made: choice, order, lengths, words, approval."""
