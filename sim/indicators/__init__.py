"""What it means: figures computed from the tables of a run, and only from them."""
