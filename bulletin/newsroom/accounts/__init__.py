"""Users of the newsroom, their roles by station, passwords, sessions, API tokens, and limits of sign-ins."""
