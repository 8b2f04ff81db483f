"""What the demo tells the user when it cannot go on."""


class DemoError(Exception):
    """The text is for the user: what happened, and what to do."""
