"""Rules that hold for every integration of the house, and for the house itself."""
