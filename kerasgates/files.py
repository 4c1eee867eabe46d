"""Writing files and folders whole or not at all."""

import contextlib
import os
import pathlib
import shutil
import tempfile


def check_path(path, folder=False):
    """The absolute path of what is to be written.

    Raises:
        ValueError: if it cannot be written, or would take the place of something else.
    """

    def refuse(wanted, came):
        raise ValueError(f"Argument `path` must {wanted}. Received: path={path!r}, {came}")

    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        refuse("be a path, a string that is not empty", f"of type {type(path).__name__}")
    target = pathlib.Path(os.path.abspath(os.path.expanduser(path)))
    try:
        if target.exists() and target.is_dir() != folder:
            name, there = ("folder", "a file") if folder else ("file", "a folder")
            refuse(f"name a {name}", there)
        held = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    except OSError as error:
        refuse("be writable", error.strerror)
    if held and "saved_model.pb" not in held:
        refuse("name a new folder, or one with a SavedModel to replace", f"which holds {held[0]!r}")
    there = next(parent for parent in target.parents if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        refuse("be writable", f"but {str(there)!r} is no folder that can")
    return target


@contextlib.contextmanager
def written_whole(path, folder=False):
    """A temporary path that takes the place of `path` when the block ends without an error.

    With an error all is as it was before.

    Raises:
        ValueError: as `check_path`.
    """
    target = check_path(path, folder)
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = tempfile.mkdtemp(prefix=".kerasgates-", dir=target.parent)
    except OSError as error:
        raise ValueError(
            f"Argument `path` must be writable. Received: path={str(path)!r}, {error.strerror}"
        ) from error
    new, old = pathlib.Path(work, "new"), pathlib.Path(work, "old")
    try:
        yield new
        if folder and target.exists():
            # A folder cannot be put in the place of a full one in one move.
            target.rename(old)
        os.replace(new, target)
    except BaseException:
        if old.exists():
            old.rename(target)
        shutil.rmtree(work, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(work, ignore_errors=True)
