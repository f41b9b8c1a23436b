"""What the explorer shows without running anything: made by one command, kept small, read with its intervals."""
