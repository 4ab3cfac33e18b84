"""The one error a user can mend."""


class SetupError(Exception):
    """Something this machine or this command line lacks; the message says what, and the remedy."""
