"""Tests of the Nuki Bridge integration."""
