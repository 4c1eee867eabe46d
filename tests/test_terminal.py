"""What the command shows in a terminal: no log of TensorFlow, no traceback, every character."""

import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kerasgates import cli
from kerasgates.cli import cells
from kerasgates.utils import terminal

PACKAGE = Path(terminal.__file__).parent.parent

#: As TensorFlow 2.21 and earlier ones write them.
DROPPED = b"""\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795622805.484689    8323 cudart_stub.cc:31] Could not find cuda drivers.
I0000 00:00:1795622805.564298    8323 cpu_feature_guard.cc:227] This TensorFlow binary is optimized.
To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow with flags.
I0000 00:00:1795622809.1    8323 service.cc:152] XLA service 0x7f initialized for platform Host
W0000 00:00:1795622809.1    8323 loop_optimizer.cc:933] Skipping loop optimization for Merge node
E0000 00:00:1795622809.1    8323 cuda_dnn.cc:8579] Unable to register cuDNN factory
2026-11-25 16:04:15.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.
2026-11-25 16:04:15.123456: W tensorflow/compiler/tf2tensorrt/utils.cc:38] TF-TRT Warning
2026-11-25 16:04:15.123456: E external/xla/cuda.cc:51] failed call to cuInit: INTERNAL
E0000 00:00:1795622809.2    8323 util.cc:131] oneDNN supports DT_BOOL only on platforms with it.
INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
""".splitlines(keepends=True)
KEPT = b"""\
E0000 00:00:1795622809.1    8323 hlo_lexer.cc:443] Failed to parse int literal
F0000 00:00:1795622809.1    8323 tensor.cc:853] Check failed: dtype() == expected_dtype
2026-11-25 16:04:15.123456: E tensorflow/core/framework/op.cc:1] out of memory
2026-11-25 16:04:15.123456: F tensorflow/core/framework/tensor.cc:1] Check failed
terminate called after throwing an instance of 'std::bad_alloc'
Fatal Python error: Segmentation fault
INFO: something of another library
""".splitlines(keepends=True)


def test_the_log_is_dropped_and_errors_are_passed_on():
    out = io.BytesIO()
    terminal.pass_on([line for pair in zip(DROPPED, KEPT) for line in pair], out)
    terminal.pass_on(DROPPED, out)
    assert out.getvalue() == b"".join(KEPT)


#: The module alone, in a process that knows no TensorFlow.
ALONE = f"""
import os, subprocess, sys
sys.path.insert(0, {str(PACKAGE / "utils")!r})
import terminal
noise, kept = {DROPPED[0]!r}, {KEPT[1]!r}
"""


def in_process(code, **options):
    env = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-S", "-c", ALONE + code]
    return subprocess.run(command, capture_output=True, env={**env, **options}, timeout=60)


def test_only_what_native_code_and_children_write_is_looked_at():
    code = """
with terminal.quiet():
    os.write(2, noise + kept)
    print(noise.decode(), end="", file=sys.stderr)
    child = f"import os; os.write(2, {noise!r} + b'child\\\\n')"
    subprocess.run([sys.executable, "-S", "-c", child])
print("after", file=sys.stderr)
os.write(2, noise)
"""
    said = in_process(code).stderr.splitlines(keepends=True)
    # What Python writes does not wait for the rest, but all is there before the end.
    assert sorted(said[:3]) == sorted([KEPT[1], DROPPED[0], b"child\n"])
    assert said[3:] == [b"after\n", DROPPED[0]]


def test_why_a_process_dies_is_told():
    died = in_process("with terminal.quiet():\n    os.write(2, noise + kept)\n    os.abort()")
    assert died.returncode == -signal.SIGABRT
    assert died.stderr == KEPT[1]


def test_whoever_asks_for_the_log_gets_it():
    code = "with terminal.quiet():\n    os.write(2, noise)"
    assert in_process(code, TF_CPP_MIN_LOG_LEVEL="0").stderr == DROPPED[0]
    assert in_process(code).stderr == b""


def test_without_standard_error_the_command_runs():
    code = "os.close(2)\nwith terminal.quiet():\n    print('runs')"
    assert in_process(code).stdout == b"runs\n"


def test_without_outputs_nothing_goes_elsewhere(monkeypatch, capsys):
    """As after `>&-`, where Python has None for them."""
    for name, command, status in (("stdout", ["cells"], 0), ("stderr", ["show", "nothing"], 2)):
        with monkeypatch.context() as patched:
            patched.setattr(sys, name, None)
            assert cli.main(command) == status
            getattr(sys, name).close()
        assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------- characters


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
def test_all_that_is_printed_has_readable_stand_ins(encoding):
    text = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    printed = "".join(sorted({*text}))
    assert "σ" in printed
    raw = io.BytesIO()
    terminal.make_readable()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="kerasgates.readable")
    stream.write(printed)
    stream.flush()
    shown = raw.getvalue().decode(encoding)
    assert not re.search(r"\\[ux]|\?{2}", shown)
    assert "sigma" in shown


def test_letters_lose_their_accents_and_what_is_unknown_is_escaped():
    assert "é ☃ β".encode("ascii", "kerasgates.readable") == rb"e \u2603 beta"


def test_exponents_are_told_from_digits_beside_them():
    assert "10⁻¹² 10⁶ m²".encode("ascii", "kerasgates.readable") == b"10^-12 10^6 m^2"


# ---------------------------------------------------------------- which process is the command


@pytest.mark.parametrize(
    ("argv", "original", "expected"),
    [
        (["/usr/bin/kerasgates", "cells"], ["python", "/usr/bin/kerasgates", "cells"], True),
        (["C:/Scripts/kerasgates.exe"], ["python", "kerasgates.exe"], True),
        (["-m", "cells"], ["python", "-m", "kerasgates", "cells"], True),
        (["-m", "cells"], ["python", "-mkerasgates", "cells"], True),
        (["-m"], ["python", "-u", "-m", "kerasgates"], True),
        (["-m", "{}"], ["python", "-m", "kerasgates.bench.worker", "{}"], False),
        (["-m", "kerasgates"], ["python", "-m", "pytest", "kerasgates"], False),
        (["train.py", "kerasgates"], ["python", "train.py", "kerasgates"], False),
        (["-c"], ["python", "-c", "import kerasgates"], False),
        ([""], ["python"], False),
        (["-m"], [], False),
        ([], ["python"], False),
    ],
)
def test_the_command_knows_itself(argv, original, expected, monkeypatch):
    monkeypatch.setattr(sys, "argv", argv)
    monkeypatch.setattr(sys, "orig_argv", original)
    assert terminal._is_command() is expected


SCRIPT = "import sys\nfrom kerasgates.cli import main\nsys.exit(main())\n"


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], *([name, "--help"] for name in cli.COMMANDS), ["shwo"]],
    ids=" ".join,
)
def test_help_and_mistakes_do_not_wait_for_tensorflow(arguments, tmp_path):
    script = tmp_path / "kerasgates"
    script.write_text(SCRIPT)
    how = [str(script)] if arguments[0] == "--version" else ["-m", "kerasgates"]
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-X", "importtime", *how, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "kerasgates.cli" in imported
    assert not imported & {"tensorflow", "keras", "numpy", "kerasgates.core.cell"}
    if arguments == ["shwo"]:
        assert ran.returncode == 2
        assert "kerasgates: there is no command 'shwo': did you mean 'show'?" in ran.stderr
    else:
        assert ran.returncode == 0
        assert ran.stdout.startswith(("usage: kerasgates", "kerasgates 0"))


def start(*arguments, **options):
    """The command, as users start it."""
    env = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    env |= {"PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "kerasgates", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, **pipes, **options)


@pytest.mark.slow
def test_nothing_but_the_answer_is_shown(capsys):
    out, err = start("show", "gru").communicate()
    assert err == b""
    assert out.startswith(b"GRUCell: ")
    assert b"  z  = sigma(W_z x + U_z h + b_z)" in out.splitlines()


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_error():
    process = start("cells")
    process.stdout.close()
    with process:
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_is_no_error(monkeypatch, capsys):
    def interrupted(modules):
        raise KeyboardInterrupt

    monkeypatch.setattr(cells, "run", interrupted)
    assert cli.main(["cells"]) == 130
    assert capsys.readouterr().err == "\nkerasgates cells: interrupted\n"
