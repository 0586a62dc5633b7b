"""Delivery targets, a module for each kind; none imports another."""
