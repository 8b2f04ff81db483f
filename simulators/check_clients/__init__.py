"""Public clients, run against the simulators to see that they take them for the real thing."""
