"""A strict stand-in for the paid provider, on real sockets; it shares no code with the client that it tests."""

from .faults import Fault
from .outcomes import Outcome
from .picture import data_uri, png
from .provider import Provider
from .record import Seen
from .rules import KEY, MODEL, Rules

__all__ = ["KEY", "MODEL", "Fault", "Outcome", "Provider", "Rules", "Seen", "data_uri", "png"]
