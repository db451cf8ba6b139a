"""A leak to plant: views that show the day of as_of itself, which nobody knows yet."""

from collections.abc import Callable
from datetime import date

import pytest

from churnml.features import query


def look_a_day_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots see one day more, of every table and of the days that were prepared."""

    def a_day_more(real: Callable[..., str]) -> Callable[..., str]:
        def view(*given: object, **how: object) -> str:
            as_of = next(each for each in given if isinstance(each, date))
            return real(*given, **how).replace(f"< DATE '{as_of}'", f"<= DATE '{as_of}'")

        return view

    for name in ("visible", "visible_days"):
        monkeypatch.setattr(query, name, a_day_more(getattr(query, name)))
