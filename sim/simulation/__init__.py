"""One run: the processes that call institutions, the census, and the run itself."""
