"""Reasons in contracts, in how we keep in touch, and in who the customer is."""

import numpy as np

from churnml.reasons.facts import Facts, Mask
from churnml.reasons.statement import Statement, Topic, both, of, own

SOON_DAYS, NEW_DAYS, NEGLECT_DAYS = 60, 90, 90
OVERLAP_DAYS = 31
"""By so many days before the end of a contract the one that follows may have begun, as for features of contracts."""


def _smaller(facts: Facts) -> Mask:
    return np.asarray((facts.of("plan_change_step") == -1) & (facts.of("plan_change_days") <= 2 * facts.longest))


def _dearer(facts: Facts) -> Mask:
    """Of a contract that went on without a larger plan."""
    return np.asarray((facts.of("contract_price_ratio") >= 1.01) & (facts.of("plan_change_step") != 1))


def _ended(facts: Facts) -> Mask:
    """Lately, and no contract followed: one that began up to a month before the end goes on from it."""
    ended, began = facts.of("contract_ended_days"), facts.of("contract_age_days")
    followed = (facts.of("contracts_running") > 0) & (began <= ended + OVERLAP_DAYS)
    return np.asarray((ended <= facts.longest) & ~followed)


def _forgotten(facts: Facts) -> Mask:
    """Where the last contact was a personal one, it is told as that."""
    days = facts.of("contact_recency_days")
    return np.asarray((days >= NEGLECT_DAYS) & ~(facts.of("owner_contact_recency_days") == days))


SMALLER = Topic(
    "smaller_plan",
    ("plan_change_.*",),
    (
        Statement(
            "plan_change_step", _smaller, {"days": own("plan_change_days")},
            "moved to a smaller plan {days} days ago", "{days}天前降级套餐",
        ),
    ),
)  # fmt: skip

CONTRACT = Topic(
    "contract",
    ("contracts_.*", "contract_(age|anniversary|ended)_days", "contract_plan", "contract_monthly_amount"),
    (
        Statement(
            "contract_ended_days", _ended, {"days": own("contract_ended_days")}, "a contract ended {days} days ago", "{days}天前有合同结束",
        ),
        Statement(
            "contract_anniversary_days", both(of("contract_anniversary_days", least=0, most=0), of("contract_age_days", least=NEW_DAYS)), {},
            "contract year ends today", "今天是合同周年日",
        ),
        Statement(
            "contract_anniversary_days", both(of("contract_anniversary_days", least=1, most=SOON_DAYS), of("contract_age_days", least=NEW_DAYS)),
            {"days": own("contract_anniversary_days")}, "contract year ends in {days} days", "距合同周年日还有{days}天",
        ),
        Statement(
            "contract_age_days", of("contract_age_days", most=NEW_DAYS), {"days": own("contract_age_days")},
            "contract began {days} days ago", "合同开始才{days}天",
        ),
    ),
)  # fmt: skip

PRICE = Topic(
    "price",
    ("contract_price_ratio",),
    (
        Statement(
            "contract_price_ratio", _dearer, {"percent": lambda facts: 100 * (facts.of("contract_price_ratio") - 1)},
            "contract {percent} % dearer than the one before", "合同价格比上一份高 {percent}%",
        ),
    ),
)  # fmt: skip

OWNER = Topic(
    "owner",
    ("owner_.*", "visit_recency_days"),
    (
        Statement(
            "owner_contact_recency_days", of("owner_contact_recency_days", least=NEGLECT_DAYS), {"days": own("owner_contact_recency_days")},
            "no personal contact from us for {days} days", "已{days}天无专人跟进",
        ),
        Statement(
            "owner_gap_last_days", lambda facts: facts.unattended >= NEGLECT_DAYS, {"days": lambda facts: facts.unattended},
            "when they fell silent, nobody of us had been in touch for {days} days", "沉默之前已{days}天无专人跟进",
        ),
        Statement(
            "owner_contact_recency_days", lambda facts: np.isinf(facts.unattended), {},
            "an owner is on record, but no personal contact from us is in sight", "已登记负责人，但可见范围内无专人跟进",
        ),
    ),
)  # fmt: skip

CONTACT = Topic(
    "contact",
    ("contact_recency_days", "contact_silence_ratio", r"contacts_\d+d", "last_action"),
    (
        Statement(
            "contact_recency_days", _forgotten, {"days": own("contact_recency_days")},
            "no contact from us for {days} days", "已{days}天未联系",
        ),
    ),
)  # fmt: skip

ANSWERS = Topic(
    "answers",
    ("contacts_answered_share", "contacts_unanswered_in_row", "answer_.*", r"answers_\d+d", "last_answer"),
    (
        Statement(
            "contacts_unanswered_in_row", of("contacts_unanswered_in_row", least=2),
            {"count": own("contacts_unanswered_in_row")},
            "our last contacts unanswered: {count} in a row", "最近连续{count}次联系未回复",
        ),
        Statement(
            "answer_slower_days", of("answer_slower_days", least=1), {"days": own("answer_slower_days")},
            "answers {days} days more slowly than usual", "回复比平时慢{days}天",
        ),
    ),
)  # fmt: skip

NEW = Topic(
    "new",
    ("signed_up_days",),
    (
        Statement(
            "signed_up_days", of("signed_up_days", most=2 * NEW_DAYS), {"days": own("signed_up_days")},
            "a customer for {days} days only", "成为客户仅{days}天",
        ),
    ),
)  # fmt: skip

RELATING = (PRICE, SMALLER, CONTRACT, OWNER, CONTACT, ANSWERS, NEW)
