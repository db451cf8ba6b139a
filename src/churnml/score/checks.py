"""A new export held against the training: what differs, and whether that is fine, a warning or an error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

import pyarrow as pa

from churnml.errors import DataError
from churnml.language import Locale, phrase
from churnml.reference import Condition, Reference
from churnml.score.check_words import CHECKS
from churnml.spreadsheet import write_csv

Verdict = Literal["fine", "warning", "error"]
Say = Callable[..., str]
"""A key of `CHECKS`, and what is filled in, as one reads it."""

STRANGE, MANY_STRANGE = 0.01, 0.5
"""Shares of customers with a category that training hadn't seen: a warning from the first on, an error from the second."""

NO_NUMBERS = 0.05
"""Share of cells that are no numbers, where they were in training, from which on it is an error."""

FILLED = 0.5
"""Share of customers with a value in training, from which on a feature that now has none at all is an error."""

LESS, HARDLY_ANY = 0.6, 0.1
"""Rows per customer and day as a share of the fewest at any training cutoff: a warning, an error."""

FEWEST_ROWS = 200
"""Rows that were to be expected, below which a volume tells nothing."""

DRIFT, TIMES = 0.25, 2.0
"""Population stability index that is a warning, if it is also so many times the largest among training cutoffs."""

FEWEST = 100
"""Customers below whom a distribution tells nothing."""

PAUSE = 2
"""So many times the longest pause of the training without a row, up to as_of or before: the export ends early, or has a gap."""

MONTH = 25
"""Days without a row in the middle, if that is a gap, from which on it is an error: a month wasn't exported."""


@dataclass(frozen=True)
class Check:
    """One line of the table, in the language of the project.

    Attributes:
        check: what was looked at, a key of `check_words`.
        where: table, column or feature.
        training: what was there.
        now: what is here.
        verdict: fine, warning or error.
        rule: from when on it is a warning or an error, and what to do then.
    """

    check: str
    where: str
    training: str
    now: str
    verdict: Verdict
    rule: str

    def line(self, locale: Locale) -> str:
        """For the terminal."""
        return phrase(CHECKS, "line", locale, **{**vars(self), "check": phrase(CHECKS, self.check, locale)})


COLUMNS = ("check", "where", "training", "now", "verdict", "rule")


def write_checks(path: Path, said: Sequence[Check], locale: Locale) -> None:
    """The table, for people to open, in their language."""
    say = _in(locale)
    rows = [{**vars(one), "check": say(one.check), "verdict": say(one.verdict)} for one in said]
    write_csv(path, [say(name) for name in COLUMNS], [tuple(row[name] for name in COLUMNS) for row in rows])


def checks(
    reference: Reference,
    found: Condition,
    sample: pa.Table,
    *,
    customers: int,
    strange: Mapping[str, int],
    keep: Sequence[str],
    as_of: date,
    horizon_days: int,
    newest: bool,
    locale: Locale = "en",
) -> list[Check]:
    """Everything that was looked at, errors first.

    Args:
        reference: of the training.
        found: the tables' condition.
        sample: features of customers to be scored, of all or evenly spaced.
        customers: how many are to be scored.
        strange: by feature, customers with a category that training hadn't seen.
        keep: columns of customers that the lists show.
        as_of: the moment of knowledge.
        horizon_days: over which volumes are counted.
        newest: whether as_of is meant to be the newest moment that these exports tell of.
        locale: of the words.
    """
    say = _in(locale)
    said = [
        *_columns(say, reference, found, keep),
        *_no_numbers(say, found),
        *_categories(say, reference, strange, customers),
        *_ends(say, reference, found, as_of),
        *_gaps(say, reference, found),
        *(_later(say, reference, found, as_of) if newest else []),
        *_volumes(say, reference, found, customers * horizon_days),
        *_features(say, reference, sample),
    ]
    return sorted(said, key=lambda one: ("error", "warning", "fine").index(one.verdict))


def require_no_error(said: Sequence[Check], locale: Locale = "en") -> None:
    """Stop before anything is written.

    Raises:
        DataError: naming up to three checks that failed.
    """
    failed = [one.line(locale) for one in said if one.verdict == "error"]
    if failed:
        say = _in(locale)
        more = say("more", count=len(failed) - 3) if len(failed) > 3 else ""
        raise DataError(f"{say('unlike')}: {' | '.join(failed[:3])}{more}")


def _in(locale: Locale) -> Say:
    return partial(phrase, CHECKS, locale=locale)


def _columns(say: Say, reference: Reference, found: Condition, keep: Sequence[str]) -> list[Check]:
    said = []
    for table, there in found.columns.items():
        known = reference.tables.get(table)
        if known is None:
            said.append(Check("table", table, say("not_there"), say("there"), "fine", say("unused")))
            continue
        for name in [name for name in known if name not in there]:
            verdict: Verdict = "error" if name in keep else "warning"
            said.append(Check("column", f"{table}.{name}", say("there"), say("missing"), verdict, say("column_rule")))
        for name in [name for name in there if name not in known]:
            said.append(Check("column", f"{table}.{name}", say("not_there"), say("new"), "fine", say("unused")))
    for table in [table for table in reference.tables if table not in found.columns]:
        said.append(Check("table", table, say("there"), say("missing"), "warning", say("table_rule")))
    return said


def _no_numbers(say: Say, found: Condition) -> list[Check]:
    said = []
    for name, (count, cells) in found.no_numbers.items():
        verdict: Verdict = "error" if count > NO_NUMBERS * cells else "warning" if count else "fine"
        now, rule = say("no_numbers", count=count, cells=cells), say("type_rule", share=NO_NUMBERS)
        said.append(Check("type", f"customers.{name}", say("numbers"), now, verdict, rule))
    return said


def _categories(say: Say, reference: Reference, strange: Mapping[str, int], customers: int) -> list[Check]:
    said = []
    for name, spread in reference.features.items():
        if not spread.words:
            continue
        count = strange.get(name, 0)
        share = count / max(customers, 1)
        verdict: Verdict = "error" if share > MANY_STRANGE else "warning" if share > STRANGE else "fine"
        now, rule = say("strange", count=count, share=share), say("category_rule", least=STRANGE, most=MANY_STRANGE)
        said.append(Check("category", name, ", ".join(spread.words), now, verdict, rule))
    return said


def _ends(say: Say, reference: Reference, found: Condition, as_of: date) -> list[Check]:
    said = []
    for table, longest in reference.pauses.items():
        if table not in found.last_days:
            continue
        last = found.last_days[table]
        days = (as_of - last).days - 1 if last else None
        early = days is None or days > PAUSE * max(longest, 1)
        now = say("last_row", last=last, days=days) if last else say("no_row")
        rule, then = say("end_rule", times=PAUSE, as_of=as_of), say("pause", days=longest)
        said.append(Check("end", table, then, now, "warning" if early else "fine", rule))
    return said


def _gaps(say: Say, reference: Reference, found: Condition) -> list[Check]:
    said = []
    for table, (days, first) in found.gaps.items():
        longest = max(reference.pauses.get(table, days), 1)
        verdict: Verdict = "fine"
        if days > PAUSE * longest:
            verdict = "error" if days >= MONTH else "warning"
        now, rule = say("gap_found", days=days, first=first), say("gap_rule", times=PAUSE, month=MONTH)
        said.append(Check("gap", table, say("pause", days=longest), now, verdict, rule))
    return said


def _later(say: Say, reference: Reference, found: Condition, as_of: date) -> list[Check]:
    said = []
    for table, last in found.later.items():
        days, longest = (last - as_of).days + 1, max(reference.pauses.get(table, 0), 1)
        verdict: Verdict = "warning" if days > PAUSE * longest else "fine"
        then, rule = say("pause", days=longest), say("later_rule", times=PAUSE, as_of=as_of)
        said.append(Check("later", table, then, say("later_row", last=last, days=days), verdict, rule))
    return said


def _volumes(say: Say, reference: Reference, found: Condition, customer_days: int) -> list[Check]:
    said = []
    for table, (fewest, most) in reference.volumes.items():
        now = found.volumes.get(table)
        if now is None or fewest * customer_days < FEWEST_ROWS:
            continue
        verdict: Verdict = "fine"
        if now < LESS * fewest or now > most / LESS:
            verdict = "error" if now < HARDLY_ANY * fewest else "warning"
        rule = say("volume_rule", less=LESS, more=1 / LESS, hardly=HARDLY_ANY)
        said.append(Check("volume", table, say("range", fewest=fewest, most=most), f"{now:.3g}", verdict, rule))
    return said


def _features(say: Say, reference: Reference, sample: pa.Table) -> list[Check]:
    if sample.num_rows < FEWEST:
        return []
    said = []
    for name, spread in reference.features.items():
        column = sample[name]
        if column.null_count == len(column) and spread.missing < 1 - FILLED:
            then, rule = say("had", share=1 - spread.missing), say("feature_rule", share=FILLED)
            said.append(Check("feature", name, then, say("nobody"), "error", rule))
            continue
        index = spread.index(column)
        verdict: Verdict = "warning" if index > max(DRIFT, TIMES * spread.between) else "fine"
        rule = say("drift_rule", least=DRIFT, times=TIMES)
        said.append(Check("drift", name, f"{spread.between:.2f}", f"{index:.2f}", verdict, rule))
    return said
