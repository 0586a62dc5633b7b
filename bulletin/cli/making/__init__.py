"""Commands that make a bulletin or its script, and inspect one."""
