"""Where words meet people: refusals become one line and an exit code, stages meet their params and engine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from churnml.errors import ChurnmlError

if TYPE_CHECKING:
    from churnml.config import Params
    from churnml.contracts.files import House


def say(words: str) -> None:
    """Words go to stderr; stdout is for data."""
    print(words, file=sys.stderr)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what churnml refuses into one line and its exit code; nothing else reaches a user either.

    A reader that has seen enough (`churnml report | head -3`) ends the command without a word, with the code of SIGPIPE.
    """
    try:
        yield
        sys.stdout.flush()
    except ChurnmlError as error:
        say(f"error: {error}")
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        say("stopped; what was unfinished is discarded, what was published before stays")
        raise typer.Exit(130) from error
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(141) from error
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        if os.environ.get("CHURNML_DEBUG"):
            raise
        say(f"error: {type(error).__name__} inside churnml, a bug; run again with CHURNML_DEBUG=1 and report it")
        raise typer.Exit(1) from error


def opened() -> "tuple[Params, House]":
    """The params and places of the project in the current folder."""
    from churnml.config import read_params
    from churnml.contracts.files import House

    house = House()
    return read_params(house.params), house


def engine_for(memory_limit: str) -> Any:
    """The engine that params.yaml names."""
    from churnml.adapters.duckdb import DuckDBEngine

    return DuckDBEngine(memory_limit)
