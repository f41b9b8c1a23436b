"""``python -m sim`` is the command ``sortie``."""

from sim.cli import main

if __name__ == "__main__":  # worker processes import this module again: they must not start the command
    main()
