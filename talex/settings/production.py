"""What an operator runs; everything is said through the environment."""

from talex.settings.base import *  # noqa: F403
