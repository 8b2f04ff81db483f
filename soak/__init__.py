"""A week of all integrations against simulators that fail at random, in minutes.

See docs/reliability.md; scripts/soak runs it.
"""
