"""Monitoring: logs, metrics, health and alerts."""
