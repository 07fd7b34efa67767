"""What an operator is told: one family of errors, one exit code a kind; everything else is a bug."""

from typing import ClassVar


class AscentError(Exception):
    """A condition the operator can mend; shown as a sentence, without a traceback."""

    exit_code: ClassVar[int] = 1


class CallRefused(AscentError):
    """The call, the mapping, the catalogue or a date is wrong."""

    exit_code = 2


class InputsRefused(AscentError):
    """The input tables break their contract beyond what is declared as bearable."""

    exit_code = 3


class PublicationRefused(AscentError):
    """The month cannot be published, or needs a decision first."""

    exit_code = 4


class NotEnoughData(AscentError):
    """There is too little history to do what was asked."""

    exit_code = 5


class WorkerLost(AscentError):
    """A process that worked for the run was killed."""

    exit_code = 6
