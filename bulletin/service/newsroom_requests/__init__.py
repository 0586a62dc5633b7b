"""Requests of editors that the service takes from the ledger: bulletins, previews, deliveries, backups."""
