"""What a caller asks for wrongly, apart from the query itself."""

from features.errors import CallRefused


class DeliveryRefused(CallRefused):
    """A report, a query or a schedule is asked for in a way that is not possible; the message tells why."""


class NotThere(CallRefused):
    """Nobody has that id, or somebody else has it, which is told alike."""


class NotAllowed(CallRefused):
    """The thing is there and may not be changed."""
