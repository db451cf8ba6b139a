"""Days as dates, and when contracts are billed."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from churnml.simulate.calendar import Calendar

START = date(2024, 1, 1)
DAY = st.integers(-1200, 900)


def next_billing(begun, after, yearly=False):
    calendar = Calendar(START)
    days = calendar.next_billing(np.array([(begun - START).days]), np.array([yearly]), np.array([(after - START).days]))
    return START + timedelta(days=int(days[0]))


def test_a_month_is_billed_on_the_day_on_which_the_contract_began():
    """Begun on the 15th: billed on the 15th of each month, first in the month after."""
    begun = date(2024, 1, 15)
    assert next_billing(begun, date(2024, 1, 15)) == date(2024, 2, 15)
    assert next_billing(begun, date(2024, 2, 14)) == date(2024, 2, 15)
    assert next_billing(begun, date(2024, 2, 15)) == date(2024, 3, 15)
    assert next_billing(begun, date(2024, 12, 20)) == date(2025, 1, 15)


def test_late_days_of_a_month():
    """Begun on the 31st: billed on the 28th, which every month has."""
    assert next_billing(date(2024, 1, 31), date(2024, 2, 1)) == date(2024, 2, 28)


def test_a_year():
    """A yearly contract comes up for renewal on its anniversary."""
    begun = date(2023, 6, 10)
    assert next_billing(begun, date(2023, 6, 10), yearly=True) == date(2024, 6, 10)
    assert next_billing(begun, date(2024, 6, 9), yearly=True) == date(2024, 6, 10)
    assert next_billing(begun, date(2024, 6, 10), yearly=True) == date(2025, 6, 10)


@given(DAY, st.integers(0, 800), st.booleans())
def test_the_next_billing_is_ahead_but_not_far(begun, later, yearly):
    """It comes after the day asked about, at most 31 days later, or 366; a first one never before a month is over."""
    calendar, after = Calendar(START), begun + later
    [day] = calendar.next_billing(np.array([begun]), np.array([yearly]), np.array([after]))
    assert after < day <= after + (396 if yearly else 59)
    assert calendar.day_of_month(np.array([day])) == min((START + timedelta(days=begun)).day, 28)
    months = calendar.month(np.array([day])) - calendar.month(np.array([begun]))
    assert months >= 1
    assert months % 12 == 0 or not yearly


@given(DAY)
def test_dates(day):
    """Months and days of the month are those of the calendar."""
    calendar, real = Calendar(START), START + timedelta(days=day)
    assert calendar.day_of_month(np.array([day])).tolist() == [real.day]
    assert calendar.month(np.array([day])).tolist() == [12 * (real.year - 1970) + real.month - 1]
    assert calendar.day_in(calendar.month(np.array([day])), np.array([real.day])).tolist() == [day]
