"""``python -m mappe_servizi`` is the command ``mappe``."""

from mappe_servizi.cli import main

main()
