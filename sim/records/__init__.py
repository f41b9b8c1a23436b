"""What happened: packed tables filled during a run, and the folders they are kept in."""
