"""Dates as a person types them, and more time for some, each kept or refused in one line."""
from datetime import datetime, timedelta

import pytest

from optimlab.classroom import Unusable
from optimlab.classroom.intake.dates import grant, granted, parse_due, parse_span


@pytest.mark.parametrize("typed, utc", [
    ("2026-12-01 23:59 Europe/Berlin", datetime(2026, 12, 1, 22, 59)),  # in winter,
    ("2026-07-01 23:59 Europe/Berlin", datetime(2026, 7, 1, 21, 59)),   # and in summer
    (" 2026-12-01 23:59:30 UTC", datetime(2026, 12, 1, 23, 59, 30)), ("2026-12-01 00:30 Asia/Tokyo", datetime(2026, 11, 30, 15, 30)),
])
def test_a_date_is_kept_in_utc(typed, utc):
    assert parse_due(typed) == utc


@pytest.mark.parametrize("typed", ["", "2026-12-01", "2026-12-01 23:59", "2026-12-01 23:59 Europe/Berln", "tomorrow UTC",
                                   "2026-13-01 23:59 UTC", "2026-12-01 23:59 ../../etc/passwd", "2026-12-01 23:59 /etc"])
def test_what_is_no_date_with_a_zone_is_refused_in_one_line(typed):
    """Without a zone it would be taken for UTC, hours away from what was meant."""
    with pytest.raises(Unusable, match="write them like 2026-12-01 23:59 Europe/Berlin") as refused:
        parse_due(typed)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("typed, span", [
    ("2d", timedelta(days=2)), ("12h", timedelta(hours=12)), ("1d12h30m", timedelta(days=1, hours=12, minutes=30)),
    ("0", timedelta())])
def test_more_time_is_read(typed, span):
    assert parse_span(typed) == span


@pytest.mark.parametrize("typed", ["", "2", "2 days", "-2d", "d", "99999d", "2d!", "٢d"])
def test_what_is_no_span_is_refused(typed):
    with pytest.raises(Unusable, match="write 2d, 12h or 1d12h"):
        parse_span(typed)


def test_more_time_is_remembered_by_assignment(tmp_path):
    assert granted(tmp_path, "adam") == {}
    grant(tmp_path, "adam", {"ada": timedelta(days=2), "bob": timedelta(hours=1)})
    grant(tmp_path, "sgd", {"ada": timedelta(hours=3)})
    grant(tmp_path, "adam", {"bob": timedelta()})
    assert granted(tmp_path, "adam") == {"ada": timedelta(days=2), "bob": timedelta()}
    (tmp_path / ".optimlab/extensions.json").write_text("[1")
    with pytest.raises(Unusable, match="is damaged"):
        granted(tmp_path, "adam")
