"""Printed sentence -> readable sentence; every edit only deletes, moves or parts its words."""
