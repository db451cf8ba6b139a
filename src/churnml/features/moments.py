"""Which moments of knowledge a panel has, and what each is for: dates that were given, or counted back."""

from datetime import date, timedelta

from churnml.config import Churn, Panel
from churnml.errors import DataError
from churnml.features.history import History
from churnml.windows import counted_back, require_labelled, require_purged


def moments_of(panel: Panel, churn: Churn, span: History) -> list[tuple[date, str | float]]:
    """Each as_of of the panel with its split, in order of time.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or the history is too short to count back.
    """
    if churn.labelled_on and isinstance(panel.test, float):
        return [(churn.labelled_on, panel.test)]
    splits = cutoffs(panel, churn, span)
    return sorted((as_of, split) for split, days in splits.items() for as_of in days)


def cutoffs(panel: Panel, churn: Churn, span: History) -> dict[str, list[date]]:
    """Training and test cutoffs, checked.

    Args:
        panel: dates, or how to count back.
        churn: the horizon.
        span: the days that the events span.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or the history is too short to count back.
    """
    horizon, first, end = churn.horizon_days, span.start, span.end
    if isinstance(panel.test, int):
        days = counted_back(
            first, end, step_days=panel.step_days or horizon, history_days=panel.min_history_days, horizon_days=horizon
        )
        test = days[-panel.test :]
        train = [day for day in days if test and day + timedelta(days=horizon) <= test[0]]
        if not train:
            raise DataError(
                f"panel: {first} to {end - timedelta(days=1)} leaves no training cutoff before {panel.test} test "
                f"cutoffs; lower panel.test, step_days or min_history_days, or export more history"
            )
    else:
        train, test = sorted(panel.train or ()), sorted(panel.test if isinstance(panel.test, tuple) else ())
    require_purged(train, test, horizon)
    require_labelled([*train, *test], end, horizon, span.what_ends)
    return {"train": train, "test": test}
