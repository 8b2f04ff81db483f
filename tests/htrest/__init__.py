"""Tests of the Heliotherm (HtREST) integration."""
