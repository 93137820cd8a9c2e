"""One turn of the conversation: words and pictures in, a stream of events out. The only async seam; knows no UI.

    async with Chat(studio) as chat:
        async for event in chat.turn("cat", "a cat sleeping on the sofa"):
            ...
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from agent.build import Studio
from agent.events import Event, TextChunk, TurnEnded


class Chat:
    """The conversations of one studio. Use it from one event loop; close it before the loop ends."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    async def turn(self, thread: str, words: str, attachments: Sequence[bytes | Path] = ()) -> AsyncIterator[Event]:
        """Answer one message of a thread. `TurnEnded` is always the last event; errors come as `TurnFailed`, never raised.

        One turn of a thread runs at a time; a second one waits for the first. Closing the iterator, or cancelling the
        task that reads it, stops the turn as `stop` does.
        """
        yield TextChunk("The conversation is being built.")
        yield TurnEnded(chat_model=self.studio.chat_model_name)

    def stop(self, thread: str) -> None:
        """Stop the thread's running turn: the render ends after its current step. Safe from any thread, at any time."""

    async def close(self) -> None:
        """Stop every turn and let go of the conversations' file. The studio stays open."""

    async def __aenter__(self) -> "Chat":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
