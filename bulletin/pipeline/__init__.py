"""Pipeline: Station -> published bulletin (`make_bulletin`), and changes to published ones."""
