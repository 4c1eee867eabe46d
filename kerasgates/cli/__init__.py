"""Every gated recurrent cell for Keras 3.

The command line is read here; each command is a file with its arguments (`add_parser`) and what it
does (`run`, which returns an exit status). They share `options`, `inputs` and `outputs`; what they
tell of cells is in `catalogue`. Only the standard library, `utils` and the names of the benchmarks
are imported before the arguments are read: `kerasgates --help` does not wait for TensorFlow.
Functions import everything else when they are called.
"""

import argparse
import contextlib
import re
import sys

import kerasgates
from kerasgates.cli import bench, cells, demo, export, report, run, show
from kerasgates.utils import suggestions, terminal

#: Exit statuses of refused input, and of a failure.
REFUSED, FAILED = 2, 1

COMMANDS = {
    "demo": demo,
    "cells": cells,
    "show": show,
    "report": report,
    "export": export,
    "run": run,
    "bench": bench,
}
#: What users call the arguments that messages of the package speak of, by command.
OPTIONS = {
    "show": show.OPTIONS,
    "report": report.OPTIONS,
    "export": export.OPTIONS,
    "run": run.OPTIONS,
    "bench": bench.OPTIONS,
}


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that reports errors in one line."""

    def error(self, message):
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def main(argv=None):
    """Run the command line.

    Returns:
        The exit status: 0, 2 where something was refused, 1 where something failed, 130 after
        Ctrl-C, 141 where nobody reads what is printed.
    """
    terminal.open_missing()
    if terminal.IS_COMMAND:
        terminal.make_readable()
    options = parse(sys.argv[1:] if argv is None else argv)
    with terminal.quiet() if terminal.IS_COMMAND else contextlib.nullcontext():
        return _status(options.pop("command"), options)


def _status(command, options):
    """Run a command; errors that users can do something about are printed in one line."""
    try:
        # Where the package imports itself, this is done.
        kerasgates.import_all()
        if terminal.IS_COMMAND:
            terminal.quiet_loggers()
        status = COMMANDS[command].run(**options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"\nkerasgates {command}: interrupted", file=sys.stderr)
        return terminal.INTERRUPTED
    except BrokenPipeError:
        terminal.drop_output()
        return terminal.NO_READER
    except Exception as error:
        if not _is_told(error):
            raise
        print(f"kerasgates {command}: {_words(error, command)}", file=sys.stderr)
        return REFUSED if isinstance(error, ValueError) else FAILED
    return status


def _is_told(error):
    """Whether an error tells users what to change; any other is a fault of the package itself."""
    foreign = type(error).__module__.startswith(("tensorflow", "keras."))
    return foreign or isinstance(error, (ValueError, ImportError, OSError, RuntimeError))


def _words(error, command):
    """An error's message in one line, with the command's options in place of arguments."""
    text = str(error)
    if "\x1b[" in text or "Arguments received by" in text:
        from kerasgates.core._keras import reason

        text = reason(error)
    options = OPTIONS.get(command, {})
    names = "|".join(options) or "(?!)"
    text = re.sub(rf"(?:Arguments? )?`({names})`", lambda m: options[m[1]], text)
    # What a shell takes as it stands loses its quotes.
    value = r"(?:(['\"]?)([\w./-]+)\2|(?=['\"]))"
    text = re.sub(rf"\b({names})={value}", lambda m: f"{options[m[1]]} {m[3] or ''}", text)
    return " ".join(text.split())


def parse(argv):
    """The options of a command line, and its "command"."""
    parser = Parser(prog="kerasgates", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--version", action="version", version=f"kerasgates {kerasgates.__version__}"
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    for command in COMMANDS.values():
        command.add_parser(commands)
    known = [*COMMANDS]
    if not argv:
        parser.error(f"a command is needed: {', '.join(known)}; or --help")
    if not argv[0].startswith("-") and argv[0] not in known:
        parser.error(f"there is no command {argv[0]!r}: {suggestions.suggestion(argv[0], known)}")
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        _refuse_unknown(commands.choices[options.command], unknown[0])
    return vars(options)


def _refuse_unknown(parser, argument):
    if not argument.startswith("-"):
        parser.error(f"too many arguments: {argument!r}")
    names = sorted({*re.findall(r"--[\w-]+", parser.format_help())})
    name = argument.partition("=")[0]
    parser.error(f"there is no option {name!r}: {suggestions.suggestion(name, names)}")
