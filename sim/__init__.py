"""sortie: an open simulation of how people leave French prisons."""
