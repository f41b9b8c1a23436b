"""Who decides and hosts, with limited means: prisons, counsellors, courts, places, and the register of dated steps."""
