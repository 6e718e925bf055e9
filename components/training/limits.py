"""What one run may use before it has to end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The server's grant to a run."""

    seconds: float
    """longest that it may go on"""
    memory: int
    """most memory, in bytes, that the process it runs in may hold"""
    pause_seconds: float
    """longest that it may hold its worker while paused"""
