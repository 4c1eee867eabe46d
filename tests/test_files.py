"""Files and folders are written whole or not at all: killed at every line, side by side."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kerasgates.utils.files as files

#: What the tests of killed processes share. They run without the package and so without TensorFlow,
#: in one process that forks for each kill.
DRIVER = """
import importlib.util, json, os, pathlib, shutil, signal, sys, tempfile, threading
spec = importlib.util.spec_from_file_location("files", sys.argv[1])
files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(files)
folder, swap, home = sys.argv[2] == "folder", sys.argv[3] == "swap", pathlib.Path(sys.argv[4])
if not swap:
    files._exchange = lambda one, other: False
target = home / "model"

def write(text):
    with files.atomic_write(target, folder) as new:
        for part in ("saved_model.pb", "weights"):
            if folder:
                new.mkdir(exist_ok=True)
                (new / part).write_text(text)
            else:
                new.write_text(text)

def read():
    if not target.exists():
        return []
    return sorted((p.name, p.read_text()) for p in ([target] if not folder else target.iterdir()))

def whole(text):
    names = ("saved_model.pb", "weights") if folder else ("model",)
    return [(name, text) for name in names]

def forked(job):
    if (child := os.fork()) == 0:
        try:
            job()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return child
"""
KILLED = """
LINES = {files.__file__, shutil.__file__, tempfile.__file__}

def killed_at(number):
    # The process ends before that line of the package's file, and of what it calls, is run.
    count = 0
    def seen(frame, event, argument):
        nonlocal count
        if frame.f_code.co_filename not in LINES:
            return None
        if event == "line":
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
        return seen
    def job():
        sys.settrace(seen)
        write("new")
    _, status = os.waitpid(forked(job), 0)
    return os.WIFSIGNALED(status), status

seen, missing, number = set(), 0, 0
for before in (None, "old"):
    number, killed = 0, True
    while killed:
        files.clear_leftovers(home)
        if target.exists():
            shutil.rmtree(target) if folder else target.unlink()
        if before:
            write(before)
        killed, status = killed_at(number)
        assert killed or status == 0, status
        right = [whole("new"), whole(before) if before else []]
        missing += bool(before and not read())
        if swap or not folder:
            assert read() in right, (number, read())
        files.clear_leftovers(home)
        assert read() in right, (number, read())
        seen.add(str(read()))
        assert os.listdir(home) == (["model"] if read() else []), (number, os.listdir(home))
        number += 1
write("newest")
print(json.dumps({"kills": number, "outcomes": len(seen), "missing": missing,
                  "left": os.listdir(home), "last": read() == whole("newest")}))
"""
BESIDE = """
def job(text):
    for _ in range(40):
        write(text)

children = [forked(lambda text=text: job(text)) for text in "abc"]
threads = [threading.Thread(target=job, args=(text,)) for text in "de"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
codes = [os.waitpid(child, 0)[1] for child in children]
print(json.dumps({"codes": codes, "whole": read() in map(whole, "abcde"),
                  "left": os.listdir(home)}))
"""


def driven(script, kind, swap, home):
    done = subprocess.run(
        [sys.executable, "-I", "-c", DRIVER + script, files.__file__, kind, swap, str(home)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), done.stderr


#: Folders are exchanged in one step where the system can, and else in two moves.
WAYS = [("file", "swap"), ("folder", "swap"), ("folder", "moves")]


@pytest.mark.parametrize(
    ("kind", "swap"), [*WAYS[::2], pytest.param(*WAYS[1], marks=pytest.mark.slow)]
)
@pytest.mark.slow
def test_killed_at_any_line_leaves_the_old_or_the_new_and_the_next_removes_the_rest(
    kind, swap, tmp_path
):
    result, _ = driven(KILLED, kind, swap, tmp_path)
    assert result["kills"] > 40
    assert result["outcomes"] == 3  # Nothing, the old, the new.
    assert result["last"]
    assert result["left"] == ["model"]
    # Between two moves there is nothing at the path, until the next process puts it back.
    assert bool(result["missing"]) == (swap == "moves")


@pytest.mark.parametrize(("kind", "swap"), WAYS)
def test_of_several_that_write_to_one_path_at_once_one_stays(kind, swap, tmp_path):
    result, errors = driven(BESIDE, kind, swap, tmp_path)
    assert result == {"codes": [0, 0, 0], "whole": True, "left": ["model"]}, errors


def test_a_folder_that_another_moves_aside_at_this_moment_can_be_written(tmp_path, monkeypatch):
    target = tmp_path / "model"
    target.mkdir()
    listed = Path.iterdir

    def moved(path):
        target.rename(tmp_path / "aside")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", moved)
    assert files.check_path(target, folder=True) == target


def test_a_full_disk_leaves_the_old_one(tmp_path):
    script = """
write("old")
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write("new" * 1000)
except OSError as error:
    old = read() == whole("old")
    print(json.dumps({"error": str(error), "old": old, "left": os.listdir(home)}))
"""
    for kind in ("file", "folder"):
        home = tmp_path / kind
        home.mkdir()
        result, _ = driven(script, kind, "swap", home)
        assert "large" in result["error"]
        assert result["old"]
        assert result["left"] == ["model"]


def test_what_goes_wrong_while_it_is_written_or_put_there_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "made" / "model"
    with pytest.raises(FileNotFoundError), files.atomic_write(path) as new:
        (new / "no folder").write_text("half")
    assert not list(tmp_path.iterdir())
    path.mkdir(parents=True)
    (path / "saved_model.pb").write_text("old")
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    rename = os.rename

    def interrupted(old, new):
        rename(old, new)
        if Path(old) == path:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), files.atomic_write(path, True) as new:
        new.mkdir()
    assert (path / "saved_model.pb").read_text() == "old"
    assert os.listdir(path.parent) == ["model"]


def write(path, folder, text):
    with files.atomic_write(path, folder) as new:
        if folder:
            new.mkdir()
        (new / "saved_model.pb" if folder else new).write_text(text)


@pytest.mark.parametrize("folder", [False, True])
def test_what_a_link_names_is_written_and_the_link_stays(folder, tmp_path):
    home, links = tmp_path / "home", tmp_path / "links"
    links.mkdir()
    real, link = home / "v1", links / "current"
    link.symlink_to(real)
    for text in ("first", "second"):  # Of a link to nothing, and to what is there.
        write(link, folder, text)
        assert (real / "saved_model.pb" if folder else real).read_text() == text
    assert link.is_symlink()
    # The folder above is that of what the link names, as the system has it.
    (links / "other").symlink_to(home / "inside")
    (home / "inside").mkdir()
    write(links / "other" / ".." / "v2", folder, "third")
    assert sorted(os.listdir(links)) == ["current", "other"]
    assert sorted(os.listdir(home)) == ["inside", "v1", "v2"]


def test_what_is_not_there_does_not_hide_what_is(tmp_path):
    (tmp_path / "thesis.txt").touch()
    for path in ("absent/..", "absent/../../" + tmp_path.name):
        with pytest.raises(ValueError, match=r"must name a new folder.*'thesis\.txt'"):
            files.check_path(os.path.join(tmp_path, path), folder=True)


def test_nothing_takes_the_place_of_the_current_folder(tmp_path, monkeypatch):
    inner = tmp_path / "model" / "variables"
    inner.mkdir(parents=True)
    (tmp_path / "model" / "saved_model.pb").touch()
    (tmp_path / "link").symlink_to(inner)
    monkeypatch.chdir(inner)
    wanted = "`path` must name a folder that can be replaced, such as one inside it"
    for path in (".", inner, tmp_path / "link"):
        with pytest.raises(ValueError, match=f"{wanted}.*, the current folder"):
            files.check_path(path, folder=True)
    with pytest.raises(ValueError, match=f"{wanted}.*'..', which the current folder is in"):
        files.check_path("..", folder=True)
    write("inside", True, "new")
    assert os.listdir() == ["inside"]
    # Nor does it matter where nothing is any more.
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    write(tmp_path / "model", True, "new")
    assert os.listdir(tmp_path / "model") == ["saved_model.pb"]
    with pytest.raises(ValueError, match=r"`path` must be a path that can be\. .*No such file"):
        files.check_path("model")


def test_nothing_takes_the_place_of_a_mount_point_or_a_device(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    ends = os.pipe()
    for path in (os.devnull, tmp_path / "pipe", f"/dev/fd/{ends[1]}"):
        with pytest.raises(ValueError, match=r"must name a file.*, a device or a pipe"):
            files.check_path(path)
    for end in ends:
        os.close(end)
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: True)
    for name, wanted in {"file": "replaced", "folder": "replaced, such as one inside it"}.items():
        refused = rf"`to` must name a {name} that can be {wanted}\. Received: to=.*, a mount point"
        with pytest.raises(ValueError, match=refused):
            files.check_path(tmp_path / name, name == "folder", argument="to")


def test_what_the_system_refuses_to_replace_names_the_argument(tmp_path, monkeypatch):
    def refuse(old, new):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(os, "replace", refuse)
    wanted = "Argument `output` must be writable.*busy"
    with (
        pytest.raises(ValueError, match=wanted),
        files.atomic_write(tmp_path / "model", argument="output") as new,
    ):
        new.touch()
    assert not os.listdir(tmp_path)


def test_what_is_no_leftover_stays(tmp_path):
    (tmp_path / ".kerasgates-mine").mkdir()
    (tmp_path / ".kerasgates-mine" / "thesis.txt").write_text("all of it")
    (tmp_path / ".kerasgates-empty").mkdir()
    with files.working_folder(tmp_path) as running:
        files.clear_leftovers(tmp_path)
        assert running.is_dir()
        assert sorted(os.listdir(tmp_path)) == sorted([".kerasgates-mine", running.name])
    assert os.listdir(tmp_path) == [".kerasgates-mine"]
