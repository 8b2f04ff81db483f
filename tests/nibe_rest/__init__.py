"""Tests of the NIBE S-series integration."""
