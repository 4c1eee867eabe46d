"""Writing files and folders whole or not at all, even where the process is killed."""

import contextlib
import ctypes
import errno
import os
import pathlib
import shutil
import stat
import sys
import tempfile

try:
    import fcntl
except ImportError:  # Windows, where nothing is taken for a leftover.
    fcntl = None

#: Prefix of the names of working folders, which stand beside the file that is being written.
PREFIX = ".kerasgates-"
#: Errors of a move that say that something is in the way.
IN_THE_WAY = (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES)
#: Errors of a move that say that nothing may take the place of what is there, as of a mount point
#: of the same file system, which `os.path.ismount` does not know.
KEPT = (errno.EBUSY, errno.EPERM, errno.EACCES)


def check_path(path, folder=False, argument="path"):
    """Absolute path of a file or folder that is to be written; errors name the argument.

    Links are followed: what they name is to be written, as `open` does.

    Raises:
        ValueError: if it cannot be written, or would take the place of something else.
    """

    def refuse(wanted, came):
        raise ValueError(
            f"Argument `{argument}` must {wanted}. Received: {argument}={path!r}, {came}"
        )

    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        refuse("be a path, a string that is not empty", f"of type {type(path).__name__}")
    given = os.path.expanduser(path)
    try:
        target = pathlib.Path(os.path.realpath(given))
    except (OSError, ValueError) as error:  # In a folder that is gone, or with a zero byte.
        refuse("be a path that can be", str(error))
    name = "folder" if folder else "file"
    if _is_device(given):
        refuse(f"name a {name}", "a device or a pipe")
    try:
        # Asked once: between two questions another process may move it aside.
        is_folder = stat.S_ISDIR(target.stat().st_mode)
        if is_folder != folder:
            refuse(f"name a {name}", "a folder" if is_folder else "a file")
        entries = sorted(entry.name for entry in target.iterdir()) if is_folder else []
    except FileNotFoundError:
        entries = []  # Another process, which writes there too, has just moved it aside.
    except OSError as error:
        refuse("be writable", error.strerror)
    if entries and "saved_model.pb" not in entries:
        refuse(
            "name a new folder, or one with a SavedModel to replace", f"which holds {entries[0]!r}"
        )
    if (held := _held(target)) is not None:
        inside = ", such as one inside it" if folder else ""
        refuse(f"name a {name} that can be replaced{inside}", held)
    there = next(parent for parent in target.parents if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        refuse("be writable", f"but {str(there)!r} is no folder that can")
    return target


def _is_device(path):
    """Whether a path leads to no file or folder; as it is given, since links of pipes name none."""
    with contextlib.suppress(OSError):
        mode = os.stat(path).st_mode
        return not (stat.S_ISDIR(mode) or stat.S_ISREG(mode))
    return False


def _held(target):
    """Why nothing can take the place of a file or folder; None where something can."""
    if os.path.ismount(target):
        return "a mount point"
    # This process and the shell that started it would be left in a folder that is gone.
    with contextlib.suppress(FileNotFoundError):  # They may be in one already.
        here = pathlib.Path(os.path.realpath(os.curdir))
        if target == here:
            return "the current folder"
        if target in here.parents:
            return "which the current folder is in"
    return None


@contextlib.contextmanager
def _refused(path, argument, codes=errno.errorcode):
    """Turn errors of the system with these codes into a ValueError that names the argument."""
    try:
        yield
    except OSError as error:
        if error.errno not in codes:
            raise
        raise ValueError(
            f"Argument `{argument}` must be writable. Received: {argument}={str(path)!r}, "
            f"{error.strerror}"
        ) from error


@contextlib.contextmanager
def atomic_write(path, folder=False, argument="path"):
    """A temporary path that takes the place of `path` when the block ends without an error.

    With an error all is as it was before. A process that is killed leaves the old file or folder
    or the new one, whole; what else it leaves is removed by the next one that writes there. Of
    two that write to one path at once, one or the other stays.

    Raises:
        ValueError: as `check_path`.
    """
    target = check_path(path, folder, argument)
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        with contextlib.ExitStack() as stack:
            with _refused(path, argument):
                work = stack.enter_context(working_folder(target.parent))
            yield work / "new"
            with _refused(path, argument, KEPT):
                _move(work / "new", target, work)
    except BaseException:
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise


@contextlib.contextmanager
def working_folder(parent):
    """A new folder in another for as long as the block takes; leftovers there are removed.

    Raises:
        OSError: if it cannot be made.
    """
    parent = pathlib.Path(parent)
    clear_leftovers(parent)
    work, lock = _locked_folder(parent)
    try:
        yield work
    finally:
        _remove(work, lock)


def clear_leftovers(parent):
    """Remove what was left in a folder by processes that were killed while they wrote.

    What one of them had moved away to put something in its place is put back.
    """
    for work in pathlib.Path(parent).glob(f"{PREFIX}*"):
        # What cannot be opened or removed is somebody else's.
        with contextlib.suppress(OSError):
            try:
                lock = open(work / "lock", "r+")  # noqa: SIM115 - closed by `_remove` or `with`
            except FileNotFoundError:
                work.rmdir()  # If it is empty: whoever is about to begin makes another.
                continue
            with lock:
                if _take(lock):
                    _remove(work, lock)


def _locked_folder(parent):
    """A new folder and the open file in it that is locked as long as this process lives."""
    while True:
        parent.mkdir(parents=True, exist_ok=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            lock = open(work / "lock", "x")  # noqa: SIM115 - closed by `_remove`
        except FileNotFoundError:
            continue  # Taken for a leftover, as it was not locked yet; so below.
        try:
            is_locked = _take(lock)
        except OSError:  # A file system without locks, where nothing is taken for a leftover.
            return work, lock
        if (is_locked or fcntl is None) and (work / "lock").exists():
            return work, lock
        lock.close()


def _take(file):
    """Lock an open file; False where another process has. The lock ends with its process."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(work, lock):
    """Remove a folder; its lock last, by which it is known for a leftover until then.

    What was moved out of the way, and nothing came in its place, goes back.
    """
    with lock, contextlib.suppress(OSError):
        for moved in sorted(work.glob("old*/*"), reverse=True):
            if not os.path.lexists(work.parent / moved.name):
                os.rename(moved, work.parent / moved.name)
        for part in [part for part in work.iterdir() if part.name != "lock"]:
            # Renamed first: half of an old folder must not be taken for one to put back.
            gone = part if part.name.startswith("gone") else part.rename(work / f"gone-{part.name}")
            if gone.is_dir() and not gone.is_symlink():
                shutil.rmtree(gone, ignore_errors=True)
            else:
                gone.unlink()
    with contextlib.suppress(OSError):
        if [part.name for part in work.iterdir()] == ["lock"]:
            (work / "lock").unlink()
        work.rmdir()


def _move(new, target, work):
    """Put a file or folder in the place of another, or of nothing.

    Args:
        new, target: paths on one file system.
        work: a folder beside `target` where the old one may stand until it is removed.
    """
    for attempt in range(100):
        try:
            return os.replace(new, target)
        except OSError as error:
            if error.errno not in IN_THE_WAY:
                raise
            failure = error
        # A full folder is in the way, which no plain move replaces. Or was, and another process
        # has moved it aside.
        if _exchange(new, target):
            return None
        aside = work / f"old{attempt:02}" / target.name
        aside.parent.mkdir()
        # Another process may be doing the same: it has moved the old one, or put its own there.
        with contextlib.suppress(FileNotFoundError):
            os.rename(target, aside)
    raise failure


def _exchange(one, other):
    """Exchange two folders in one step; False where the system cannot."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(one), os.fsencode(other)
        if sys.platform == "darwin":
            return library.renamex_np(*names, 2) == 0
        here = -100  # AT_FDCWD
        return library.renameat2(here, names[0], here, names[1], 2) == 0
    except (AttributeError, OSError, TypeError):
        return False
