"""Times are stored in UTC; days are calendar days in the project's timezone."""

from intake import HEADER, Shop, transactions


def moments(
    shop: Shop, times: list[str], timezone: str = "UTC", meant_in: str | None = None, date_format: str | None = None
) -> dict[str, tuple[str, str] | None]:
    """What each time became: the moment in UTC and the local day, or None where it was set aside."""
    lines = [f"{number},{time},1" for number, time in enumerate(times)]
    shop.write("transactions.csv", HEADER + "\n".join([*lines, f"last,{times[0]},1"]))
    shop.ingest(transactions(timezone=meant_in, date_format=date_format), timezone=timezone)
    read = {
        row["customer_id"]: (f"{row['occurred_at']:%Y-%m-%d %H:%M:%S}", str(row["occurred_on"])) for row in shop.rows()
    }
    return {time: read.get(str(number)) for number, time in enumerate(times)}


def test_offsets_win_over_timezones(shop: Shop) -> None:
    """A time with an offset is that moment, wherever the project is; the day is the project's."""
    same = [
        "2024-01-01T20:00:00Z",
        "2024-01-02T04:00:00+08:00",
        "2024-01-02 04:00:00+0800",
        "2024-01-02 04:00:00 +08:00",
        "2024-01-02 04:00+08",
        "2024-01-01 20:00:00 UTC",
        "2024-01-01 09:30:00.000-10:30",
    ]
    read = moments(shop, same, timezone="Asia/Shanghai")
    assert read == dict.fromkeys(same, ("2024-01-01 20:00:00", "2024-01-02"))


def test_times_without_offset_are_the_projects(shop: Shop) -> None:
    """A naive time is meant in the project's timezone, and a bare day is its midnight."""
    assert moments(shop, ["2024-01-02 04:00:00", "2024-01-02", "2024/1/2 04:00"], timezone="Asia/Shanghai") == {
        "2024-01-02 04:00:00": ("2024-01-01 20:00:00", "2024-01-02"),
        "2024-01-02": ("2024-01-01 16:00:00", "2024-01-02"),
        "2024/1/2 04:00": ("2024-01-01 20:00:00", "2024-01-02"),
    }


def test_a_source_may_have_its_own_timezone(shop: Shop) -> None:
    """Naive times of a source are meant in the source's timezone; days are still the project's."""
    times = ["2024-01-02 04:00:00", "2024-01-02 04:00:00Z"]
    assert moments(shop, times, timezone="America/New_York", meant_in="Asia/Shanghai") == {
        "2024-01-02 04:00:00": ("2024-01-01 20:00:00", "2024-01-01"),
        "2024-01-02 04:00:00Z": ("2024-01-02 04:00:00", "2024-01-01"),
    }


def test_days_with_23_and_25_hours(shop: Shop) -> None:
    """Where clocks change, both ends of the day lie on that day."""
    assert moments(
        shop,
        ["2024-03-31 00:30", "2024-03-31 23:30", "2024-10-27 00:30", "2024-10-27 23:30", "2024-10-27T22:59:59Z"],
        timezone="Europe/Berlin",
    ) == {
        "2024-03-31 00:30": ("2024-03-30 23:30:00", "2024-03-31"),
        "2024-03-31 23:30": ("2024-03-31 21:30:00", "2024-03-31"),
        "2024-10-27 00:30": ("2024-10-26 22:30:00", "2024-10-27"),
        "2024-10-27 23:30": ("2024-10-27 22:30:00", "2024-10-27"),
        "2024-10-27T22:59:59Z": ("2024-10-27 22:59:59", "2024-10-27"),
    }


def test_what_could_be_misread_is_set_aside(shop: Shop) -> None:
    """A suffix that isn't understood sets the row aside: no time loses its afternoon or its timezone in silence."""
    good = "2024-01-01 10:00:00"
    odd = [" CST", " Asia/Shanghai", " +8", "+08:00:00", " BC", "[UTC]", ",5", " 2024"]
    read = moments(shop, [good, *(f'"{good}{suffix}"' for suffix in odd), "epoch", "1704067200", "20240101"])
    assert read.pop(good) == (good, "2024-01-01")
    assert set(read.values()) == {None}


def test_date_format(shop: Shop) -> None:
    """A declared format is the only one that is read."""
    times = ["31/03/2024 01:30 PM", "2024-03-31"]
    assert moments(shop, times, timezone="Europe/Berlin", date_format="%d/%m/%Y %I:%M %p") == {
        "31/03/2024 01:30 PM": ("2024-03-31 11:30:00", "2024-03-31"),
        "2024-03-31": None,
    }


def test_date_format_with_an_offset(shop: Shop) -> None:
    """A format that reads an offset gives that moment, once, in any timezone."""
    time = "02.01.2024 04:00 +0800"
    for timezone in ("UTC", "Asia/Shanghai"):
        [read] = moments(shop, [time], timezone=timezone, date_format="%d.%m.%Y %H:%M %z").values()
        assert read is not None
        assert read[0] == "2024-01-01 20:00:00"


def test_dots_may_stand_between_month_and_day(shop: Shop) -> None:
    """Days with dots begin with the day, unless the source says otherwise or a cell of the column proves it."""
    assert moments(shop, ["01.05.2024", "31.12.2024"])["01.05.2024"] == ("2024-05-01 00:00:00", "2024-05-01")
    assert moments(shop, ["01.05.2024", "12.31.2024"])["01.05.2024"] == ("2024-01-05 00:00:00", "2024-01-05")
    stated = moments(shop, ["01.05.2024", "02.05.2024"], date_format="month first")
    assert stated["02.05.2024"] == ("2024-02-05 00:00:00", "2024-02-05")


def test_numbers_that_look_like_another_time(shop: Shop) -> None:
    """An hour in ten digits is no second of 2034; what wrote numbers with a decimal meant none."""
    hours = ["2024010509", "2024123123"]
    assert list(moments(shop, hours).values()) == [
        ("2024-01-05 09:00:00", "2024-01-05"), ("2024-12-31 23:00:00", "2024-12-31"),
    ]  # fmt: skip
    floats = ["1704416580000.0", "20240105.0"]
    assert list(moments(shop, floats).values()) == [
        ("2024-01-05 01:03:00", "2024-01-05"), ("2024-01-05 00:00:00", "2024-01-05"),
    ]  # fmt: skip
    assert moments(shop, ["45296", "24120"])["24120"] is None


def test_evenings_have_their_hours(shop: Shop) -> None:
    """Nobody says half past one in the evening: it could be night or noon."""
    assert moments(shop, ["2024-1-5 晚上9:30", "2024-1-5 晚上1:30", "2024-1-5 晚上12:30"]) == {
        "2024-1-5 晚上9:30": ("2024-01-05 21:30:00", "2024-01-05"),
        "2024-1-5 晚上1:30": None,
        "2024-1-5 晚上12:30": None,
    }


def test_commas_around_a_year(shop: Shop) -> None:
    """As browsers in the United States write a moment."""
    time = "Jan 5 2024 9:03 PM"
    assert moments(shop, [time])[time] == ("2024-01-05 21:03:00", "2024-01-05")
    shop.write("transactions.csv", HEADER + '1,"Jan 5, 2024, 9:03 PM",5\n')
    shop.ingest(share=0.0)
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in shop.column("occurred_at")] == ["2024-01-05 21:03"]
