"""Connections that wait for nobody for ever: a head that drips, or a reader that stopped, is cut off."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SLOWEST_HEAD = 20.0
"""Seconds within which the head of a request has been sent; its body has those of the guard."""
LONGEST_STALL = 300.0
"""Seconds for which a reader may take nothing of what waits for it."""


class Connection(H11Protocol):
    """uvicorn's protocol, which has a limit for connections at rest alone, with one for slow ones too."""

    slowest_head = SLOWEST_HEAD
    longest_stall = LONGEST_STALL
    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; a whole head ends the wait for it, a part of one does not."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next head, unless it is there already."""
        self._await_head()
        super().on_response_complete()
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Wait for a reader that has enough for now."""
        super().pause_writing()
        self._stall = self.loop.call_later(self.longest_stall, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the reader reads."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        if self._stall is not None:
            self._stall.cancel()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head = self.loop.call_later(self.slowest_head, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
