"""Reasons in how we serve a customer, and in what the customer says of it."""

import numpy as np

from churnml.reasons.facts import Facts, Mask, Numbers
from churnml.reasons.statement import Statement, Topic, before, both, of, own

SLOW_HOURS, SLOW_DAYS, HOURS = 24, 7, 24
MANY_TICKETS, RISE = 3, 1.5
SILENT_DAYS = 28
"""Two surveys on two days make a usual gap of one; before a month is over nobody misses an answer."""

_ABOUT = {
    "waiting": ("wrote of waiting or poor service {days} days ago", "{days}天前反映等待久或服务差"),
    "use": ("wrote {days} days ago of having little use for it", "{days}天前表示用处不大"),
    "price": ("wrote of prices or other providers {days} days ago", "{days}天前提到价格或同行"),
    "bills": ("wrote of wrong bills or data {days} days ago", "{days}天前反映账单或数据出错"),
    "contact": ("wrote {days} days ago that nobody looks after them", "{days}天前反映无人联系"),
}

_GIVEN = {
    "service": ("the service", "服务问题"),
    "value": ("little use", "用处不大"),
    "competitor": ("prices or another provider", "价格或同行"),
    "operations": ("bills or wrong data", "账单或数据出错"),
    "relationship": ("lack of contact", "无人联系"),
}
"""By cause, why notices were given."""


def _rose(facts: Facts) -> Mask:
    now, before = facts.of("tickets_{r}d"), facts.before("tickets")
    return (now >= 2) & (now >= RISE * before)


def _late_reply(facts: Facts) -> Mask:
    return facts.of("first_reply_mean_{l}d_hours") >= SLOW_HOURS


def _worse(name: str, change: str) -> Statement:
    what = {"survey": ("satisfaction", "满意度"), "nps": ("NPS", "NPS")}[name]
    return Statement(
        change, of(change, most=-0.5),
        {
            "before": lambda facts: facts.of(f"{name}_last_score") - facts.of(change),
            "now": own(f"{name}_last_score"),
        },
        f"{what[0]} {{before}} → {{now}}", f"{what[1]} {{before}}→{{now}}",
    )  # fmt: skip


def _untypical(feature: str, en: str, zh: str) -> Statement:
    """A score below what half of the customers give, by as much as one can read in rounded numbers."""
    return Statement(
        feature, lambda facts: facts.of(feature) <= facts.typical(feature) - (0.1 if facts.typical(feature) < 10 else 1),
        {"now": own(feature), "typical": lambda facts: np.full(len(facts), facts.typical(feature))},
        f"{en}, others usually {{typical}}", f"{zh}，其他客户一般为 {{typical}}",
    )  # fmt: skip


TICKETS = Topic(
    "tickets",
    (
        r"tickets_\d+d", r"complaints_\d+d", "tickets_open", "ticket_open_longest_days", "(tickets|complaints)_unresolved_in_row", "tickets_urgent_share",
        "ticket_recency_days", "tickets_change_.*", "ticket_silence_ratio", r"(complaints|tickets)_decayed_\d+d",
    ),
    (
        Statement(
            "complaints_unresolved_in_row", both(of("complaints_unresolved_in_row", least=1), of("ticket_open_longest_days", least=1)),
            {
                "count": own("complaints_unresolved_in_row"),
                "days": own("ticket_open_longest_days"),
            },
            "latest complaints unresolved: {count}; oldest open ticket {days} days", "最近{count}个投诉未解决，最早未结工单已{days}天",
        ),
        Statement(
            "tickets_open", of("tickets_open", least=1),
            {"count": own("tickets_open"), "days": own("ticket_open_longest_days")},
            "tickets open: {count}, the oldest for {days} days", "{count}个未结工单，最早的已{days}天",
        ),
        Statement(
            "complaints_{l}d", of("complaints_{l}d", least=1), {"count": own("complaints_{l}d")},
            "complaints in {longest} days: {count}", "近{longest}天投诉 {count} 次",
        ),
        Statement(
            "tickets_change_{r}d_baseline", _rose,
            {"before": before("tickets"), "now": own("tickets_{r}d")},
            "tickets {before} → {now} {month}", "工单 {before}→{now} 个{month}",
        ),
        Statement(
            "tickets_{l}d", of("tickets_{l}d", least=MANY_TICKETS), {"count": own("tickets_{l}d")},
            "tickets in {longest} days: {count}", "近{longest}天工单 {count} 个",
        ),
    ),
)  # fmt: skip

REPLIES = Topic(
    "replies",
    ("first_reply_.*", r"resolution_mean_\d+d_hours", "(reply|solution)_late_days"),
    (
        Statement(
            "first_reply_mean_{l}d_hours", _late_reply, {"hours": own("first_reply_mean_{l}d_hours")},
            "waited {hours} hours for a first answer on average", "首次响应平均等待 {hours} 小时",
        ),
        Statement(
            "first_reply_max_{l}d_hours", of("first_reply_max_{l}d_hours", least=SLOW_HOURS),
            {"hours": own("first_reply_max_{l}d_hours")},
            "waited up to {hours} hours for a first answer", "首次响应最长等待 {hours} 小时",
        ),
        Statement(
            "resolution_mean_{l}d_hours", of("resolution_mean_{l}d_hours", least=SLOW_DAYS * HOURS),
            {"days": lambda facts: facts.of("resolution_mean_{l}d_hours") / HOURS},
            "tickets took {days} days to solve on average", "工单平均 {days} 天才解决",
        ),
        Statement(
            "reply_late_days", lambda facts: facts.lately("reply_late_days"), {"days": own("reply_late_days")},
            f"a ticket of {{days}} days ago waited more than {SLOW_HOURS} hours for a first answer", f"{{days}}天前的工单首次响应超过{SLOW_HOURS}小时",
        ),
        Statement(
            "solution_late_days", lambda facts: facts.lately("solution_late_days"), {"days": own("solution_late_days")},
            f"a ticket of {{days}} days ago wasn't solved within {SLOW_DAYS} days", f"{{days}}天前的工单{SLOW_DAYS}天内未解决",
        ),
    ),
)  # fmt: skip

RATINGS = Topic(
    "ratings",
    ("ticket_last_rating", "ticket_rating_mean"),
    (
        _untypical("ticket_last_rating", "rated our help {now} last", "最近一次工单评价 {now}"),
        _untypical("ticket_rating_mean", "rates our help {now} on average", "工单平均评价 {now}"),
    ),
)

SURVEYS = Topic(
    "surveys",
    ("survey_last_score", "survey_score_change", "nps_.*", r"(survey|nps)_.*mean.*"),
    (
        _worse("nps", "nps_score_change"),
        _worse("survey", "survey_score_change"),
        Statement(
            "nps_detractor", of("nps_detractor", least=1), {"now": own("nps_last_score")},
            "NPS {now}: a detractor", "NPS {now}，属贬损者",
        ),
        _untypical("survey_last_score", "satisfaction {now}", "满意度 {now}"),
    ),
)  # fmt: skip

ANSWERING = Topic(
    "answering",
    ("survey_recency_days", "survey_silence_ratio", r"survey_answers_\d+d"),
    (
        Statement(
            "survey_silence_ratio", both(of("survey_silence_ratio", least=2), of("survey_recency_days", least=SILENT_DAYS)), {"days": own("survey_recency_days")},
            "no survey answered for {days} days", "已{days}天未答问卷",
        ),
    ),
)  # fmt: skip


def _last_said(name: str) -> Statement:
    def days(facts: Facts) -> Numbers:
        return facts.newest(*(f"{table}_about_{name}_days" for table in ("ticket", "survey")))

    en, zh = _ABOUT[name]
    lately = both(lambda facts: days(facts) <= facts.longest + facts.silence, lambda facts: np.isfinite(days(facts)))
    return Statement(f"ticket_about_{name}_days", lately, {"days": days}, en, zh)


VOICE = tuple(Topic(f"voice_{name}", (f"(ticket|survey)_about_{name}_days",), (_last_said(name),)) for name in _ABOUT)


def _given(cause: str) -> Statement:
    """Of the reasons that notices gave, the last one."""
    name = f"notice_about_{cause}_days"

    def newest(facts: Facts) -> Mask:
        return np.asarray(facts.of(name) <= facts.newest(*(f"notice_about_{other}_days" for other in _GIVEN)))

    en, zh = _GIVEN[cause]
    lately = both(lambda facts: facts.lately(name), newest)
    return Statement(
        name, lately, {"days": own(name)}, f"gave notice {{days}} days ago because of {en}", f"{{days}}天前因{zh}提出退订", cause
    )  # fmt: skip


NOTICE = Topic("notice", ("notice_about_.*_days",), tuple(map(_given, _GIVEN)), learned=False)

SERVING = (NOTICE, TICKETS, REPLIES, RATINGS, SURVEYS, ANSWERING, *VOICE)
