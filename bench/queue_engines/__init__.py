"""Hints by Procrastinate and by LISTEN/NOTIFY on the ledger alone, compared (docs/decisions/0080)."""
