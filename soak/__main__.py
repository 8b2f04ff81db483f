"""Run the soak; the time is exchanged before anything else is loaded."""

from importlib import import_module
import sys

from .clock import install

if __name__ == "__main__":
    install()
    sys.exit(import_module("soak.run").main())
