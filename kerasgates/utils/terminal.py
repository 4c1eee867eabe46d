"""The terminal of the command: readable in every encoding, and free of TensorFlow's log.

Only the standard library is imported here: help and the version must not wait for TensorFlow.
"""

import codecs
import contextlib
import logging
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

#: Exit statuses that shells expect after Ctrl-C, and where the reader of the output has left.
INTERRUPTED, NO_READER = 130, 141

#: Readable stand-ins for what an encoding lacks; letters with accents lose them.
ASCII = {
    **{"Σ": "Sum", "Δ": "d", "∂": "d", "‖": "||", "−": "-", "–": "-", "—": "-", "⊙": "*"},
    **{"·": "*", "×": "x", "′": "'", "\N{COMBINING TILDE}": "~", "√": "sqrt", "°": " deg "},
    **{"▲": "^", "ᵀ": "^T", "○": "o", "≤": "<=", "≥": ">=", "→": "->", "←": "<-"},
    **{"½": "1/2", "λ": "lambda", "Λ": "Lambda"},
    **{"“": '"', "”": '"', "’": "'"},
}

#: An exponent, as in 10⁻¹².
RAISED = re.compile("[⁻⁰¹²³⁴-⁹]+")

#: Lines of TensorFlow's log that are no errors, as Abseil and as TensorFlow itself write them,
#: their continuations, and what it has against every machine without a GPU or AVX-512.
NOISE = re.compile(
    rb"""WARNING:\ All\ log\ messages\ before\ absl::InitializeLog
    | [IW]\d{4}\ [\d:.]+\ +\d+\ \S+:\d+\]
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ [IW]\ \S+:\d+\]
    | (E\d{4}|\d{4}-\d\d-\d\d).*(Unable\ to\ register\ cu|failed\ call\ to\ cuInit)
    | (E\d{4}|\d{4}-\d\d-\d\d).*oneDNN\ supports\ DT_\w+\ only\ on\ platforms
    | To\ enable\ the\ following\ instructions:
    | INFO:\ (Created|Initialized)\ TensorFlow\ Lite
    """,
    re.VERBOSE,
)


def _is_command():
    """Whether this process is the command: the installed script, or `python -m kerasgates`."""
    program, *rest = getattr(sys, "argv", None) or [""]
    if program == "-m":
        # While the module to run is looked for its name is only here, before its arguments.
        return sys.orig_argv[-1 - len(rest) :][:1] in (["kerasgates"], ["-mkerasgates"])
    return Path(program).stem == "kerasgates"


#: Asked once, when the package is imported: Python puts a path in the place of `-m` afterwards.
IS_COMMAND = _is_command()


def open_missing():
    """Send to the null device what would be written to an output that is closed, as after `>&-`.

    Python has None in its place; and the next file that is opened would have its number, to which
    native code writes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))


def make_readable():
    """Replace characters that the encoding of the output lacks, rather than fail on them."""
    codecs.register_error("kerasgates.readable", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="kerasgates.readable")


def _stand_in(error):
    """ASCII for the characters that cannot be encoded: `sigma` for σ."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    plain = RAISED.sub(_power, error.object[error.start : error.end])
    return "".join(map(_ascii, plain)), error.end


def _power(raised):
    """An exponent in digits of a line: ^-12."""
    return "^" + unicodedata.normalize("NFKD", raised[0])


def _ascii(character):
    if greek := re.fullmatch(
        r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(character, "")
    ):
        case, letter = greek.groups()
        plain = letter.lower() if case == "SMALL" else letter.capitalize()
    else:
        plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return ASCII.get(character) or plain or character.encode("ascii", "backslashreplace").decode()


@contextlib.contextmanager
def quiet():
    """Keep TensorFlow's log off the terminal while this is entered, and let all else through.

    Its first lines come before any setting is read, from C++. So what is written to file
    descriptor 2 goes through a process that drops these lines; a thread could not pass on why
    the process dies, and would block it where native code holds Python's lock. What Python
    writes to `sys.stderr` goes where it did. `TF_CPP_MIN_LOG_LEVEL=0` shows everything.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0":
        yield
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    before = sys.stderr
    try:
        original = os.dup(2)
        before.flush()
        filtering = _start_filter()
    except (OSError, AttributeError):  # There is no standard error, or no process can be started.
        yield
        return
    encoding = {"encoding": before.encoding, "errors": before.errors}
    sys.stderr = os.fdopen(os.dup(original), "w", buffering=1, **encoding)
    try:
        yield
    finally:
        with contextlib.suppress(BrokenPipeError):
            sys.stderr.close()
        sys.stderr = before
        os.dup2(original, 2)
        os.close(original)
        # A process that outlives the command may still write to it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            filtering.wait(timeout=2)


def quiet_loggers():
    """Set the loggers of TensorFlow's Python part to errors alone; for after its import."""
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _start_filter():
    """Start a process that reads all that is written to file descriptor 2 from now on."""
    filtering = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is not for it.
    )
    with filtering.stdin as pipe:
        os.dup2(pipe.fileno(), 2)
    return filtering


def pass_on(lines, out):
    """Write the lines that are not `NOISE`, each as soon as it is there."""
    for line in lines:
        if not NOISE.match(line):
            out.write(line)
            out.flush()


def drop_output():
    """Send the rest of the output to the null device, where its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    pass_on(sys.stdin.buffer, sys.stderr.buffer)
