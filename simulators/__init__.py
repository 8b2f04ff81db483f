"""Simulators of the devices and clouds that the integrations talk to."""
