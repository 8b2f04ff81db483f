"""Tests of the Thinknx integration."""
