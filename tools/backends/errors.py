"""Every error that Atelier raises on purpose, as one tree.

    AtelierError
    ├── BadInput             what the person gave cannot be used: words, a picture, a file, a number
    │   ├── BadPicture
    │   └── BadTable         a CSV or Parquet file that ingest cannot read
    ├── LibraryError
    │   ├── LibraryLocked    another process has the embedded library open
    │   ├── LibraryUnreachable
    │   └── EncoderMismatch  the library's vectors were made by another encoder
    ├── RenderError
    │   ├── ModelUnavailable an image model or encoder that cannot be loaded
    │   └── RenderStopped    the person pressed stop
    ├── ChatModelError       the language model refused, timed out or answered nonsense
    ├── NotFound             a picture, favourite or example that is not there
    └── StorageFull          the disk is full, or a file cannot be written

Each message names the value and then the next thing to do: people read it as it stands.
"""


class AtelierError(Exception):
    """Something went wrong that the person can do something about; `str(error)` says what."""


class BadInput(AtelierError):
    """What the person gave cannot be used."""


class BadPicture(BadInput):
    """A file that is no picture, is broken, or is too large to open safely."""


class BadTable(BadInput):
    """A CSV or Parquet file that cannot be read as examples."""


class LibraryError(AtelierError):
    """The library could not do what was asked."""


class LibraryLocked(LibraryError):
    """Another process has the embedded library open; only one may."""


class LibraryUnreachable(LibraryError):
    """The database server does not answer, or refuses the login."""


class EncoderMismatch(LibraryError):
    """The library's vectors were made by another encoder than the one in use."""


class RenderError(AtelierError):
    """A picture could not be rendered."""


class ModelUnavailable(RenderError):
    """A model's files are missing, broken or too large for this machine."""


class RenderStopped(RenderError):
    """The person stopped the render."""


class ChatModelError(AtelierError):
    """The chat model refused, timed out, or answered something that cannot be used."""


class NotFound(AtelierError):
    """The named picture, favourite or example does not exist."""


class StorageFull(AtelierError):
    """A file could not be written; nothing that existed before was changed."""
