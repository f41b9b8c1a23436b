"""What makes it fast, and nothing about prisons: compiled functions, records, memory, the folder of what is kept."""
