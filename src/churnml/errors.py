"""Everything that churnml refuses, in one tree.

ChurnmlError                exit 1
├── ParamsError             exit 2   params.yaml can't be read as it stands
├── ExportError                      an export is missing, unreadable or lacks a column
├── DataError                        the rows don't allow what was asked: nobody in the population, one class only …
├── QuarantineError                  more bad rows than `ingest.max_quarantine_share` allows
├── LeakageError                     a training label window reaches into the test period
├── BundleError                      a bundle or a list isn't what its manifest says
└── OutputError                      the place to write to isn't ours to write to

A message says what, where (file, column, row, three examples) and what to do next, in one line, and never holds a value
of a column that may be private.
"""


class ChurnmlError(Exception):
    """The root: every refusal that a user can act on."""

    exit_code = 1


class ParamsError(ChurnmlError):
    """params.yaml can't be read as it stands."""

    exit_code = 2


class ExportError(ChurnmlError):
    """An export is missing, unreadable or lacks a column."""


class DataError(ChurnmlError):
    """The rows don't allow what was asked."""


class QuarantineError(ChurnmlError):
    """More bad rows than `ingest.max_quarantine_share` allows."""


class LeakageError(ChurnmlError):
    """A training label window reaches into the test period."""


class BundleError(ChurnmlError):
    """A bundle or a list isn't what its manifest says."""


class OutputError(ChurnmlError):
    """The place to write to isn't ours to write to."""


def did_you_mean(word: str, known: list[str]) -> str:
    """The nearest known word as a question, or nothing.

    >>> did_you_mean("horizon_day", ["horizon_days", "events"])
    "; did you mean 'horizon_days'?"
    >>> did_you_mean("ID", ["paid", "id"])
    "; did you mean 'id'?"
    >>> did_you_mean("zebra", ["horizon_days", "events"])
    ''
    """
    # Imported here: only a refusal needs it, and every command imports this module.
    import difflib  # noqa: PLC0415

    same = [other for other in known if other.strip().casefold() == word.strip().casefold()]
    near = same or difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
