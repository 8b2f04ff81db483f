"""Tests of Hearthlink."""
