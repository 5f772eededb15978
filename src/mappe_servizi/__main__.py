"""``python -m mappe_servizi`` is the command ``mappe``."""

from mappe_servizi.cli import main

if __name__ == "__main__":  # processes that a command starts import this again
    main(prog_name="mappe")
