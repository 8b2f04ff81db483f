from probatio import *  # noqa: F403
