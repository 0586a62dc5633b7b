"""HTTP endpoints of the service: public files, pull endpoint, health."""
