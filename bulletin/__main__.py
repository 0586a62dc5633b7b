"""`python -m bulletin`."""

from bulletin.cli.main import main

if __name__ == "__main__":
    main()
