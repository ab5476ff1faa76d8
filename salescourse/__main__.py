"""`python -m salescourse`: the same command where its script is not on the path."""

from salescourse.cli import main

if __name__ == "__main__":
    main("python -m salescourse")
