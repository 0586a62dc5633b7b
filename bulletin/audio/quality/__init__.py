"""Quality control: examine a finished file, refuse a broken one, draw the report."""
