"""Measurements that anyone can repeat, side by side in one run."""

# First of all: it puts its own engine in the place of voluptuous, which others import.
import homeassistant  # noqa: F401
