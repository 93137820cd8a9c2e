"""Writing files so that nothing is ever overwritten unasked, half written, or lost after it was promised.

New files, files that take another's place, and logs that only grow: those are locked against other processes while they
are written. What the lines of a log say is the business of whoever writes it.
"""

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.backends.errors import StorageFull

_REASONS = {
    errno.ENOSPC: "the disk is full. Free some space, or set ATELIER_HOME to a folder on another disk",
    errno.EDQUOT: "the disk quota is used up. Free some space, or set ATELIER_HOME to another folder",
    errno.EACCES: "this user may not write there. Allow it, or set ATELIER_HOME to another folder",
    errno.EPERM: "this user may not write there. Allow it, or set ATELIER_HOME to another folder",
    errno.EROFS: "the disk is read-only. Set ATELIER_HOME to a folder on another one",
    errno.ENOTDIR: "a part of that path is a file. Move it, or choose another folder",
    errno.EEXIST: "a file has the folder's name. Move it, or choose another folder",
    errno.ENAMETOOLONG: "that name is too long. Choose a shorter one",
    errno.EFBIG: "the file would be larger than this disk or user allows. Allow more, or set ATELIER_HOME to another folder",
    errno.EIO: "the disk reports an error. Check the disk, or set ATELIER_HOME to a folder on another one",
}


@contextlib.contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn the system's refusal to write into StorageFull, naming the folder, the reason and what to do."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}. Check the folder, or choose another one")
        raise StorageFull(f"Nothing can be saved in {folder}: {reason}.") from error


PRIVATE = 0o600  # for what a person said: readable for this user alone
PUBLIC = 0o644  # for the rest: the folder decides who may look


def write_new(path: Path, data: bytes, mode: int = PUBLIC) -> Path:
    """Write a new file, wholly or not at all, and give the path it got: with `-2`, `-3` … where the name was taken.

    Written beside its place, synced, then linked under its name: linking fails where a file is, so two writers that
    want one name get two. When this returns, the file survives a power cut.

    Raises:
        StorageFull: it cannot be written; nothing of it is left behind.
    """
    with translated(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".atelier-", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            placed = _place(Path(temporary), path, mode)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
        sync_folder(path.parent)
        return placed


@contextlib.contextmanager
def replacing(path: Path, mode: int = PUBLIC) -> Iterator[Path]:
    """A new file beside its place; it takes that place, and a file's that is there, when it is complete and on the disk.

    Raises:
        StorageFull: it cannot be written; what was there before stays.
    """
    with translated(path.absolute().parent):
        handle, name = tempfile.mkstemp(prefix=".atelier-", suffix=".part", dir=path.absolute().parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            with temporary.open("rb+") as file:
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_folder(path.absolute().parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()


@contextlib.contextmanager
def appending(path: Path) -> Iterator[int]:
    """A log's file handle for reading and `append`, locked against other writers; PRIVATE, and made where there is none.

    A last line without its end, of a writer that died, is ended first, so that the next one stands alone.

    Raises:
        StorageFull: it cannot be opened or written.
    """
    with translated(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        log = _open_locked(path)
        try:
            size = os.fstat(log).st_size
            if size == 0:
                sync_folder(path.parent)
            elif os.pread(log, 1, size - 1) != b"\n":
                append(log, b"\n")
            yield log
        finally:
            os.close(log)


def append(log: int, lines: bytes) -> None:
    """Add whole lines to a log that `appending` gave: wholly and on the disk, or not at all.

    Raises:
        OSError: they cannot be kept; the log is as it was before.
    """
    size = os.fstat(log).st_size
    try:
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(log, rest) :]
        os.fsync(log)
    except OSError:
        os.ftruncate(log, size)
        raise


def empty(path: Path) -> None:
    """Put an empty log in the place of one that there is. Whoever waits to write finds the new one, not the forgotten one.

    Raises:
        StorageFull: it cannot be replaced; the log is as it was before.
    """
    with translated(path.parent):
        log = _open_locked(path)
        try:
            with replacing(path, PRIVATE):
                pass
        finally:
            os.close(log)


def _open_locked(path: Path) -> int:
    """Open a log for appending and lock it, until it is closed. Another process may have replaced it while we waited."""
    while True:
        log = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        try:
            fcntl.flock(log, fcntl.LOCK_EX)  # let go by close; a dead process holds nothing
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(log), path.stat()):
                    return log
        except BaseException:
            os.close(log)
            raise
        os.close(log)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut. Some network disks cannot; that is no reason to fail."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _place(temporary: Path, path: Path, mode: int) -> Path:
    """Give the finished file its name, or the first free one after it."""
    number = 1
    while True:
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        try:
            os.link(temporary, target)
            return target
        except FileExistsError:
            number += 1
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
                raise
            # no hard links on this disk (exFAT, some network ones): claim the name, then move onto our own claim
            with contextlib.suppress(FileExistsError):
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
                temporary.replace(target)
                return target
            number += 1
