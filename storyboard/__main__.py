"""`python -m storyboard`."""

from storyboard.cli.main import run

if __name__ == "__main__":
    run()
