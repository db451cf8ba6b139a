"""Which play is whose, what a playbook leaves out, and which of its plays nobody is ever given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from churnml.config.playbook import Play, Playbook, When
from churnml.contracts.segments import CAUSES, FOURFOLD, LAYERS, NONE, STAGES
from churnml.errors import ParamsError, did_you_mean
from churnml.segments import Texts, possible

KEYS = ("tier", "layer", "cause", "group", "stage")
"""What a play may ask about, in the words of the rows of `chosen`."""

FIRST_CONTACT_DAYS = 7
"""Within a week of the signal."""

AUTOMATIC = "automatic"


def chosen(playbook: Playbook, rows: Mapping[str, Texts], contacted: Sequence[str]) -> np.ndarray:
    """Number of the first play that fits, by row; -1 where none does.

    Args:
        playbook: its plays.
        rows: the columns of `KEYS`.
        contacted: tiers that are called, from the top.
    """
    found = np.full(len(rows["tier"]), -1)
    masks: dict[tuple[str, str], np.ndarray] = {}
    for number in reversed(range(len(playbook.plays))):
        fits = np.ones(len(found), dtype=bool)
        for key, words in _asked(playbook.plays[number].when, rows["tier"], contacted).items():
            for word in words:
                if (key, word) not in masks:
                    masks[key, word] = np.asarray(rows[key] == word, dtype=bool)
            fits &= np.logical_or.reduce([masks[key, word] for word in words]) if words else False
        found[fits] = number
    return found


def _asked(when: When, tier: Texts, contacted: Sequence[str]) -> dict[str, Sequence[str]]:
    """Column -> the words that fit; a column that isn't asked about isn't there."""
    asked = {key: words for key in KEYS if (words := getattr(when, key)) is not None}
    if when.contacted is not None or when.first is not None:
        asked["tier"] = [
            name
            for name in dict.fromkeys(tier)
            if when.contacted in (None, name in contacted) and when.first in (None, name == contacted[0])
        ]
    return asked


@dataclass(frozen=True)
class Review:
    """What a playbook says of all customers that there can be.

    Attributes:
        gaps: customers whom no play fits, such as "low × B × competitor: no play".
        dead: plays that nobody is given, and why.
    """

    gaps: tuple[str, ...]
    dead: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """For the terminal."""
        return [f"playbook: {line}" for line in (*self.gaps, *self.dead)]


def reviewed(playbook: Playbook, tiers: Sequence[str], contacted: Sequence[str]) -> Review:
    """Hold a playbook against the tiers of params.yaml.

    Args:
        playbook: its plays.
        tiers: all, from the top.
        contacted: those that are called.

    Raises:
        ParamsError: it names a tier that isn't there, leaves layer A of the first tier to a machine, or comes later than
            a week after the list where customers are called.
    """
    _require_tiers(playbook, tiers)
    cases = _cases(tiers, contacted)
    found = chosen(playbook, cases, contacted)
    _require_care(playbook, cases, found, tiers, contacted)
    return Review(
        tuple(f"{gap}: no play" for gap in _patterns(cases, found == -1)),
        tuple(_dead(playbook, cases, found, contacted)),
    )


def _require_tiers(playbook: Playbook, tiers: Sequence[str]) -> None:
    for play in playbook.plays:
        for name in play.when.tier or ():
            if name not in tiers:
                raise ParamsError(
                    f"playbook.yaml: '{play.name}' names the tier '{name[:60]}', which calibrate.tiers of params.yaml doesn't"
                    f"{did_you_mean(name[:60], list(tiers))} ({', '.join(tiers)})"
                )


def _require_care(
    playbook: Playbook, cases: Mapping[str, Texts], found: np.ndarray, tiers: Sequence[str], contacted: Sequence[str]
) -> None:
    """The most valuable of the first tier hear from a person; whoever is called hears from us within a week."""
    first = (cases["tier"] == tiers[0]) & (cases["layer"] == "A")
    called = np.isin(cases["tier"], list(contacted))
    for number, play in enumerate(playbook.plays):
        if play.by == AUTOMATIC and (first & (found == number)).any():
            raise ParamsError(
                f"playbook.yaml: '{play.name}' leaves layer A of the tier '{tiers[0]}' to a machine; put a play by a person "
                f"before it, or say by: account_manager"
            )
        late = called & (found == number)
        if play.due_days > FIRST_CONTACT_DAYS and late.any():
            raise ParamsError(
                f"playbook.yaml: '{play.name}' is due after {play.due_days} days for the tier '{cases['tier'][late][0]}', "
                f"which is called within {FIRST_CONTACT_DAYS}; say due_days: {FIRST_CONTACT_DAYS} or less, or contacted: "
                f"false in when"
            )


def _cases(tiers: Sequence[str], contacted: Sequence[str]) -> dict[str, Texts]:
    """One row per kind of customer that there can be; a cause is looked for where customers are called."""
    rows = [
        (tier, layer, cause, group, stage)
        for tier, layer, group, stage in product(tiers, LAYERS, FOURFOLD, STAGES)
        if possible(contacted=tier in contacted, layer=layer, group=group, stage=stage)
        for cause in (CAUSES if tier in contacted else [NONE])
    ]
    return {key: np.array([row[place] for row in rows], dtype=object) for place, key in enumerate(KEYS)}


def _patterns(cases: Mapping[str, Texts], gaps: np.ndarray) -> list[str]:
    """Kinds of customers, told by as few words as possible; what isn't named doesn't matter."""
    told, open_ = [], gaps.copy()
    while open_.any():
        place = int(np.flatnonzero(open_)[0])
        equal = {key: cases[key] == cases[key][place] for key in KEYS}
        words: dict[str, list[str]] = {}
        for key in reversed(KEYS):
            others = _all({name: mask for name, mask in equal.items() if name != key}, len(gaps))
            there = list(dict.fromkeys(cases[key][others]))
            lacking = [word for word in there if gaps[others & (cases[key] == word)].all()]
            if lacking == there:
                equal[key] = np.ones(len(gaps), dtype=bool)
                continue
            words[key] = [word for word in lacking if open_[others & (cases[key] == word)].any()]
            equal[key] = np.isin(cases[key], words[key])
        open_ &= ~_all(equal, len(gaps))
        told.append(" × ".join(", ".join(words[key]) for key in KEYS if key in words) or "everybody")
    return told


def _all(masks: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    return np.asarray(np.logical_and.reduce([np.ones(rows, dtype=bool), *masks.values()]))


def _dead(playbook: Playbook, cases: Mapping[str, Texts], found: np.ndarray, contacted: Sequence[str]) -> list[str]:
    """Plays that are nobody's first, and whose customers earlier plays take."""
    told = []
    for number, play in enumerate(playbook.plays):
        if (found == number).any():
            continue
        mine = chosen(Playbook.model_construct(plays=(play,)), cases, contacted) == 0
        takers = [playbook.plays[other].name for other in np.unique(found[mine])]
        why = f"earlier plays take all its customers ({_few(takers)})" if takers else "there can be no such customer"
        told.append(f"'{play.name}' is never reached: {why}")
    return told


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def play_of(playbook: Playbook, number: int) -> Play | None:
    """The play with that number; None for -1."""
    return playbook.plays[number] if number >= 0 else None
