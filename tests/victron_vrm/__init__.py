"""Tests of the Victron VRM integration."""
