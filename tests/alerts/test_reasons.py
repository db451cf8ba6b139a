"""Why a rule is true, in the customer's own numbers, as people read them."""

import pytest

import ruled

TABLES = {
    "transactions": "customer_id occurred_at amount\nann 2024-02-20 1\nann 2024-01-20 30"
    + "".join(f"\nbob 2023-{month:02d}-01 1" for month in range(6, 13)),
    "activity": """
        customer_id  occurred_at  event
        ann          2023-10-01   login
        ann          2023-12-20   login
        ann          2024-01-20   login
        ann          2024-02-27   trial_ended
    """,
    "surveys": "customer_id answered_at score kind\nann 2024-02-01 2 nps",
}
SILENT = {"feature": "login_recency_days", "at_least": 30}
TRIAL = {"event": {"table": "activity", "column": "event", "says": ["试用结束", "trial ended"]}, "within_days": 3}


@pytest.mark.parametrize(
    ("when", "en", "zh"),
    [
        (SILENT, "days since the last login: 41 (at least 30)", "距上次登录天数：41（不低于 30）"),
        ({"feature": "nps_detractor", "is": 1}, "a detractor: yes", "NPS贬损者：是"),
        (
            {"feature": "spend_28d", "over_days": 28, "falls_by": 5},
            "money spent in the last 28 days, refunds taken off: 30 → 1 in 28 days",
            "近28天消费金额（扣除退款）：28天内 30 → 1",
        ),
        (
            {"feature": "activity_change_28d_baseline", "below": 0.9},
            "activity of the last 28 days against the customer's own rate before: 148 % of it (below 1900 %)",
            "近28天活跃度与自身此前水平相比：为其 148%（低于 1900%）",
        ),
        ({**TRIAL, "since_then_no": {"table": "transactions"}},
         "trial ended (activity) 3 days ago, no purchase since", "3天前：试用结束（活动），此后没有：购买"),
        ({"not": {"event": {"table": "transactions"}, "within_days": 7}}, "no purchase in the last 7 days", "近7天没有：购买"),
        (
            {"event": {"table": "transactions"}, "within_days": 60, "times": 2},
            "purchase 2 times in 60 days, last 10 days ago", "60天内 2 次：购买，最近在10天前",
        ),
        (
            {"any": [{"feature": "recency_days", "at_least": 60}, SILENT]},
            "days since the last login: 41 (at least 30)", "距上次登录天数：41（不低于 30）",
        ),
        (
            {"all": [SILENT, {"to_call": True}, {"risk": {"at_least": 0.3}}]},
            "days since the last login: 41 (at least 30); risk of leaving: 50%", "距上次登录天数：41（不低于 30）；流失风险：50%",
        ),
        (
            {"feature": "survey_last_score", "known": False},
            "score of the last survey, NPS aside: unknown", "最近一次满意度评分（NPS除外）：未知",
        ),
    ],
)  # fmt: skip
def test_in_words(when, en, zh, tmp_path, engine):
    """Values come from the tables: a login 41 days back, 30 spent and then 1, a trial that ended 3 days ago.

    Two logins in 124 days before, one in 28 days now (the end of the trial is no login, but use): 1/28 against 3/124 is
    148 %. Of several ways only the one that came is told.
    """
    rules = ruled.one_rule(**when)
    what, rows = ruled.known(rules, tmp_path, TABLES, engine)
    assert "ann" in ruled.fired(rules, what, rows)["it"]
    assert ruled.reasons(rules, what, rows, "ann", "it") == en
    assert ruled.reasons(rules, what, rows, "ann", "it", "zh-CN") == zh
