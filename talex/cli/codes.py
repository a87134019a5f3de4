"""What the exit code of a command means."""

OK, FAULT, USAGE, INVALID, NOT_FOUND, NOT_ALLOWED, CONFLICT, NOT_VERIFIED = range(8)
CANCELLED = 130


class VerificationFailed(Exception):
    """A check that the command made did not hold; what was found is said already."""
