"""Each statement by hand: a customer of whom it is true, and near misses of whom it isn't."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from churnml.model import Columns
from churnml.reasons import why
from churnml.reasons.facts import Facts
from churnml.reasons.topics import TOPICS

WINDOWS = (7, 14, 28, 56, 112)
TYPICAL = {"ticket_last_rating": 4.0, "ticket_rating_mean": 4.25, "survey_last_score": 4.0}


@dataclass(frozen=True)
class Case:
    """A statement, of whom it is true, what it says then, and what to change so that it isn't true any more."""

    topic: str
    place: int
    features: dict
    en: str
    zh: str
    near: tuple[dict, ...]

    @property
    def statement(self):
        [topic] = [topic for topic in TOPICS if topic.name == self.topic]
        return topic.statements[self.place]


def case(topic, place, features, en, zh, *near):
    return Case(topic, place, features, en, zh, near)


CASES = [
    case(
        "notice", 0, {"notice_about_service_days": 20, "notice_about_value_days": 50}, "gave notice 20 days ago because of the service",
        "20天前因服务问题提出退订", {"notice_about_service_days": 113, "notice_about_value_days": None}, {"notice_about_competitor_days": 19},
    ),
    case(
        "notice", 1, {"notice_about_value_days": 20}, "gave notice 20 days ago because of little use", "20天前因用处不大提出退订",
        {"notice_about_value_days": None},
    ),
    case(
        "notice", 2, {"notice_about_competitor_days": 20}, "gave notice 20 days ago because of prices or another provider", "20天前因价格或同行提出退订",
        {"notice_about_competitor_days": None},
    ),
    case(
        "notice", 3, {"notice_about_operations_days": 20}, "gave notice 20 days ago because of bills or wrong data", "20天前因账单或数据出错提出退订",
        {"notice_about_operations_days": None},
    ),
    case(
        "notice", 4, {"notice_about_relationship_days": 20}, "gave notice 20 days ago because of lack of contact", "20天前因无人联系提出退订",
        {"notice_about_relationship_days": None},
    ),
    case(
        "tickets", 0, {"complaints_unresolved_in_row": 2, "ticket_open_longest_days": 18},
        "latest complaints unresolved: 2; oldest open ticket 18 days", "最近2个投诉未解决，最早未结工单已18天",
        {"complaints_unresolved_in_row": 0}, {"ticket_open_longest_days": None},
    ),
    case(
        "tickets", 1, {"tickets_open": 1, "ticket_open_longest_days": 3},
        "tickets open: 1, the oldest for 3 days", "1个未结工单，最早的已3天", {"tickets_open": 0},
    ),
    case("tickets", 2, {"complaints_112d": 1}, "complaints in 112 days: 1", "近112天投诉 1 次", {"complaints_112d": 0}),
    case(
        "tickets", 3, {"signed_up_days": 200, "tickets_28d": 3, "tickets_112d": 6}, "tickets 1 → 3 a month", "工单 1→3 个/月",
        {"tickets_112d": 12}, {"tickets_28d": 1, "tickets_112d": 1}, {"signed_up_days": 50},
    ),
    case("tickets", 4, {"tickets_112d": 3}, "tickets in 112 days: 3", "近112天工单 3 个", {"tickets_112d": 2}),
    case(
        "replies", 0, {"first_reply_mean_112d_hours": 24}, "waited 24 hours for a first answer on average", "首次响应平均等待 24 小时",
        {"first_reply_mean_112d_hours": 23.9},
    ),
    case(
        "replies", 1, {"first_reply_mean_112d_hours": 20, "first_reply_max_112d_hours": 40},
        "waited up to 40 hours for a first answer", "首次响应最长等待 40 小时", {"first_reply_max_112d_hours": 23.9},
    ),
    case(
        "replies", 2, {"resolution_mean_112d_hours": 204}, "tickets took 8.5 days to solve on average", "工单平均 8.5 天才解决",
        {"resolution_mean_112d_hours": 167},
    ),
    case(
        "replies", 3, {"activity_recency_days": 20, "reply_late_days": 132}, "a ticket of 132 days ago waited more than 24 hours for a first answer",
        "132天前的工单首次响应超过24小时", {"reply_late_days": 133},
    ),
    case(
        "replies", 4, {"activity_recency_days": 20, "solution_late_days": 132}, "a ticket of 132 days ago wasn't solved within 7 days",
        "132天前的工单7天内未解决", {"solution_late_days": 133},
    ),
    case(
        "ratings", 0, {"ticket_last_rating": 3}, "rated our help 3 last, others usually 4", "最近一次工单评价 3，其他客户一般为 4",
        {"ticket_last_rating": 4},
    ),
    case(
        "ratings", 1, {"ticket_last_rating": 4, "ticket_rating_mean": 3.9},
        "rates our help 3.9 on average, others usually 4.2", "工单平均评价 3.9，其他客户一般为 4.2", {"ticket_rating_mean": 4.2},
    ),
    case("surveys", 0, {"nps_last_score": 6, "nps_score_change": -3}, "NPS 9 → 6", "NPS 9→6", {"nps_score_change": 0}),
    case(
        "surveys", 1, {"survey_last_score": 3, "survey_score_change": -1}, "satisfaction 4 → 3", "满意度 4→3",
        {"survey_score_change": 0},
    ),
    case("surveys", 2, {"nps_detractor": 1, "nps_last_score": 4}, "NPS 4: a detractor", "NPS 4，属贬损者", {"nps_detractor": 0}),
    case(
        "surveys", 3, {"survey_last_score": 2}, "satisfaction 2, others usually 4", "满意度 2，其他客户一般为 4",
        {"survey_last_score": 4},
    ),
    case(
        "answering", 0, {"survey_silence_ratio": 2, "survey_recency_days": 60}, "no survey answered for 60 days", "已60天未答问卷",
        {"survey_silence_ratio": 1.9}, {"survey_recency_days": 27},
    ),
    case(
        "voice_waiting", 0, {"ticket_about_waiting_days": 90, "survey_about_waiting_days": 20},
        "wrote of waiting or poor service 20 days ago", "20天前反映等待久或服务差",
        {"ticket_about_waiting_days": 113, "survey_about_waiting_days": None},
    ),
    case(
        "voice_use", 0, {"ticket_about_use_days": 1}, "wrote 1 day ago of having little use for it", "1天前表示用处不大",
        {"ticket_about_use_days": 113},
    ),
    case(
        "voice_price", 0, {"survey_about_price_days": 112}, "wrote of prices or other providers 112 days ago", "112天前提到价格或同行",
        {"survey_about_price_days": 113},
    ),
    case(
        "voice_bills", 0, {"ticket_about_bills_days": 120, "recency_days": 8, "activity_recency_days": 30},
        "wrote of wrong bills or data 120 days ago", "120天前反映账单或数据出错", {"recency_days": 7},
    ),
    case(
        "voice_contact", 0, {"survey_about_contact_days": 5}, "wrote 5 days ago that nobody looks after them", "5天前反映无人联系",
        {"survey_about_contact_days": 113},
    ),
    case(
        "price", 0, {"contract_price_ratio": 1.2, "plan_change_step": 0},
        "contract 20 % dearer than the one before", "合同价格比上一份高 20%", {"contract_price_ratio": 1.005}, {"plan_change_step": 1},
    ),
    case(
        "smaller_plan", 0, {"plan_change_step": -1, "plan_change_days": 224}, "moved to a smaller plan 224 days ago", "224天前降级套餐",
        {"plan_change_step": 1}, {"plan_change_days": 225},
    ),
    case(
        "contract", 0, {"contract_ended_days": 12, "contracts_running": 1, "contract_age_days": 400},
        "a contract ended 12 days ago", "12天前有合同结束", {"contract_ended_days": 113}, {"contract_age_days": 43},
    ),
    case(
        "contract", 1, {"contract_anniversary_days": 0, "contract_age_days": 366}, "contract year ends today", "今天是合同周年日",
        {"contract_anniversary_days": 1}, {"contract_age_days": 0},
    ),
    case(
        "contract", 2, {"contract_anniversary_days": 34, "contract_age_days": 331}, "contract year ends in 34 days",
        "距合同周年日还有34天", {"contract_anniversary_days": 61}, {"contract_age_days": 89},
    ),
    case("contract", 3, {"contract_age_days": 90}, "contract began 90 days ago", "合同开始才90天", {"contract_age_days": 91}),
    case(
        "owner", 0, {"owner_contact_recency_days": 90, "contact_recency_days": 5}, "no personal contact from us for 90 days",
        "已90天无专人跟进", {"owner_contact_recency_days": 89},
    ),
    case(
        # Silent for 40 days; last contacts 30 and 150 days ago: nobody had been in touch for 110 days then.
        "owner", 1, {"recency_days": 40, "owner_contact_recency_days": 30, "owner_gap_last_days": 120},
        "when they fell silent, nobody of us had been in touch for 110 days", "沉默之前已110天无专人跟进",
        {"owner_gap_last_days": 99}, {"owner_gap_last_days": None}, {"recency_days": 61},
    ),
    case(
        "owner", 2, {"profile_owner": 1, "signed_up_days": 152, "recency_days": 40, "owner_contact_recency_days": None},
        "an owner is on record, but no personal contact from us is in sight", "已登记负责人，但可见范围内无专人跟进",
        {"profile_owner": 0}, {"profile_owner": None}, {"signed_up_days": 151}, {"owner_contact_recency_days": 10}, {"owner_contact_1_days": 300},
    ),
    case(
        "contact", 0, {"contact_recency_days": 120}, "no contact from us for 120 days", "已120天未联系",
        {"contact_recency_days": 89}, {"owner_contact_recency_days": 120},
    ),
    case(
        "answers", 0, {"contacts_unanswered_in_row": 2}, "our last contacts unanswered: 2 in a row", "最近连续2次联系未回复",
        {"contacts_unanswered_in_row": 1},
    ),
    case(
        "answers", 1, {"answer_slower_days": 1}, "answers 1 day more slowly than usual", "回复比平时慢1天",
        {"answer_slower_days": 0.9},
    ),
    case("new", 0, {"signed_up_days": 180}, "a customer for 180 days only", "成为客户仅180天", {"signed_up_days": 181}),
    case("use", 0, {"activity_recency_days": 14}, "no activity for 14 days", "已14天未使用", {"activity_recency_days": 13}),
    # Twelve active days in the three months before the last one are four a month: every week.
    case(
        "use", 0, {"signed_up_days": 200, "activity_recency_days": 7, "active_days_28d": 5, "active_days_112d": 17},
        "no activity for 7 days", "已7天未使用", {"activity_recency_days": 6}, {"active_days_112d": 16},
    ),
    case(
        "use", 1, {"signed_up_days": 200, "activities_28d": 3, "activities_112d": 39}, "activities 12 → 3 a month", "使用 12→3 次/月",
        {"activities_28d": 9, "activities_112d": 45}, {"activities_112d": 6, "activities_28d": 1}, {"signed_up_days": 55},
    ),
    case(
        "use", 2, {"signed_up_days": 200, "active_days_28d": 2, "active_days_112d": 20}, "active days 6 → 2 a month", "活跃天数 6→2 天/月",
        {"active_days_112d": 8},
    ),
    case("use", 3, {"login_recency_days": 14}, "no login for 14 days", "已14天未登录", {"login_recency_days": 13}),
    case("use", 4, {"active_days_112d": 0}, "no activity in the last 112 days", "近112天未使用", {"active_days_112d": 1}),
    case("use", 5, {"active_days_112d": 4}, "active on 4 of the last 112 days", "近112天仅有4天活跃", {"active_days_112d": 5}),
    case(
        # From 10 to 4 per use: (4 - 10) / (4 + 10).
        "depth", 0, {"feature_depth_change_112d_baseline": -6 / 14}, "does 60 % less with each use of a feature than before",
        "每次使用功能的用量比此前少 60%", {"feature_depth_change_112d_baseline": -0.19},
    ),
    case(
        "last_uses", 0, {"last_uses_quantity": 4, "earlier_uses_quantity": 6}, "did 33 % less with each of their last uses of features than before",
        "最近每次使用功能的用量比更早少 33%", {"last_uses_quantity": 4.1}, {"earlier_uses_quantity": None}, {"earlier_uses_quantity": 0},
    ),
    case(
        "features", 0, {"key_feature_unused_days": 28, "activity_recency_days": 14},
        "the feature they used most hasn't been used for 28 days", "此前最常用的功能已28天未使用",
        {"key_feature_unused_days": 27}, {"activity_recency_days": 15},
    ),
    case(
        "features", 1, {"features_used_28d": 2, "features_used_112d": 5, "activity_recency_days": 14},
        "different features used: 2 in 28 days, 5 in 112 days", "使用的功能：近28天2个，近112天5个",
        {"features_used_28d": 3}, {"activity_recency_days": 15}, {"features_used_28d": 0, "features_used_112d": 1},
    ),
    case(
        "key_contact", 0, {"key_contact_changed_days": 1}, "key contact changed 1 day ago", "关键联系人1天前变动",
        {"key_contact_changed_days": 113},
    ),
    case(
        "late_payment", 0, {"payment_late_days": 41}, "a payment was late 41 days ago", "41天前付款逾期", {"payment_late_days": 113},
    ),
    case(
        "auto_renew_off", 0, {"auto_renew_off_days": 6}, "automatic renewal switched off 6 days ago", "6天前关闭自动续费",
        {"auto_renew_off_days": 113},
    ),
    case("mail_off", 0, {"mail_off_days": 68}, "unsubscribed from mails 68 days ago", "68天前退订邮件或短信", {"mail_off_days": 183}),
    case(
        "asked_to_cancel", 0, {"cancel_asked_days": 2}, "asked or looked how to cancel 2 days ago", "2天前咨询或查看退订",
        {"cancel_asked_days": 113},
    ),
    case(
        "silence", 0, {"recency_days": 15, "gap_mean_days": 10}, "no purchase for 15 days, usually one every 10 days",
        "已15天未购买，平时约10天一次", {"recency_days": 14}, {"recency_days": 6, "gap_mean_days": 1}, {"gap_mean_days": None},
    ),
    case(
        "silence", 1, {"recency_days": 51, "bought_once": 1}, "the only purchase in sight was 51 days ago", "可查记录中仅购买过一次（51天前）",
        {"bought_once": 0},
    ),
    case(
        "silence", 2, {"recency_days": 29, "gap_mean_days": 40, "spend_112d": 48},
        "no purchase for 29 days, spent 48 EUR in 112 days", "已29天未购买，近112天消费 48 EUR", {"recency_days": 28}, {"spend_112d": 0},
    ),
    case(
        "silence", 3, {"recency_days": 11, "gap_mean_days": 8}, "last purchase 11 days ago, usually one every 8 days",
        "距上次购买11天，平时约8天一次", {"gap_mean_days": 11}, {"recency_days": 6, "gap_mean_days": 5},
    ),
    case(
        "pace", 0, {"signed_up_days": 200, "purchase_days_28d": 1, "purchase_days_112d": 10},
        "days with a purchase 3 → 1 a month", "购买天数 3→1 天/月",
        {"purchase_days_28d": 0}, {"purchase_days_112d": 5}, {"signed_up_days": None},
    ),
    case("pace", 1, {"purchase_days_112d": 0}, "no purchase in the last 112 days", "近112天无购买", {"purchase_days_112d": 1}),
    case(
        "pace", 2, {"purchase_days_112d": 4}, "bought on 4 of the last 112 days", "近112天仅有4天购买",
        {"purchase_days_112d": 5}, {"purchase_days_28d": 2}, {"contracts_running": 1}, {"bought_once": 1},
        {"recency_days": 30, "gap_mean_days": 20}, {"recency_days": 29, "spend_112d": 5},
    ),
    case(
        "spend", 0, {"signed_up_days": 200, "spend_28d": 10, "spend_112d": 4010}, "spend 1,333 → 10 EUR a month", "消费 1,333→10 EUR/月",
        {"spend_28d": 0}, {"spend_112d": 50}, {"spend_28d": 0.5, "spend_112d": 2},
    ),
    case(
        "basket", 0, {"basket_spend_28d": 8, "basket_spend_112d": 24}, "spend per purchase day 8 EUR lately, 24 in 112 days",
        "近期每个购买日消费 8 EUR，近112天平均 24 EUR", {"basket_spend_28d": 17}, {"basket_spend_28d": 0},
    ),
    case(
        "basket", 1, {"last_basket_ratio": 0.25}, "last basket 25 % of the usual one", "最近一次消费仅为平时的 25%",
        {"last_basket_ratio": 0.67},
    ),
    case(
        "range", 0, {"categories_112d": 2, "purchase_days_112d": 3}, "different categories bought in 112 days: 2", "近112天购买的品类数：2",
        {"categories_112d": 3}, {"categories_112d": 0}, {"purchase_days_112d": 2},
    ),
    case(
        "range", 1, {"products_112d": 1, "purchase_days_112d": 3}, "different products bought in 112 days: 1", "近112天购买的商品数：1",
        {"products_112d": 3}, {"purchase_days_112d": 2},
    ),
    case("refunds", 0, {"refunds_28d": 1, "refunds_112d": 2}, "refunds in 28 days: 1", "近28天退款 1 次", {"refunds_28d": 0}),
    case("refunds", 1, {"refunds_28d": 0, "refunds_112d": 2}, "refunds in 112 days: 2", "近112天退款 2 次", {"refunds_112d": 0}),
    case(
        "discounts", 0, {"discount_share_28d": 0.3, "discount_share_112d": 0.1}, "bought at 30 % off lately, 10 % in 112 days",
        "近期购买平均优惠 30%，近112天平均 10%", {"discount_share_28d": 0.14},
    ),
    case(
        "discounts", 1, {"discount_share_28d": 0.2, "discount_share_112d": 0.25}, "bought at 25 % off in 112 days",
        "近112天购买平均优惠 25%", {"discount_share_112d": 0.24},
    ),
]  # fmt: skip

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}-{case.place}")


def customer(features):
    """A table of one customer."""
    return pa.table({name: pa.array([value], pa.float64()) for name, value in features.items()})


def reasons(case, locale):
    """What is said of the customer, where a model holds the case's topic against them and nothing else."""
    feature = Facts({}, WINDOWS).named(case.statement.feature)
    model = SimpleNamespace(columns=Columns((feature,), {}), contributions=lambda _: np.array([[1.0, 0.0]]))
    rows = customer(case.features)
    found = why(model, rows, [], windows_days=WINDOWS, typical=TYPICAL, most=3, locale=locale, currency="EUR")
    return found.reasons


@each_case
def test_words(case):
    """The statement is the first of its topic that holds of this customer, and says this, word for word."""
    assert reasons(case, "en") == [(case.en,)]
    assert reasons(case, "zh-CN") == [(case.zh,)]


@each_case
def test_near_misses(case):
    """One number changed, or not known, and it isn't said."""
    for change in case.near:
        facts = Facts(customer({**case.features, **change}), WINDOWS, TYPICAL)
        assert case.statement.true_of(facts).tolist() == [False], change


@each_case
def test_the_number_that_it_speaks_of_is_needed(case):
    """Without any of its numbers known a statement isn't true."""
    facts = Facts(customer(dict.fromkeys(case.features)), WINDOWS, TYPICAL)
    assert case.statement.true_of(facts).tolist() == [False]


def test_each_statement_has_a_case():
    """Nothing is said that isn't tried here."""
    every = {(topic.name, place) for topic in TOPICS for place in range(len(topic.statements))}
    assert {(case.topic, case.place) for case in CASES} == every


def test_of_whom_nothing_is_known_nothing_is_said():
    """No statement of any topic holds."""
    facts = Facts(pa.table({"customer_id": ["ann"]}), WINDOWS, TYPICAL)
    held = [topic.name for topic in TOPICS for statement in topic.statements if statement.true_of(facts).any()]
    assert held == []


def test_what_is_said_is_known():
    """Whatever of a customer is unknown: of whom a statement holds, it has a number for each place."""
    rng = np.random.default_rng(3)
    names = sorted({name for case in CASES for name in case.features} | set(TYPICAL))
    cells = rng.choice([np.nan, -1, 0, 0.3, 1, 2, 15, 40, 100, 150, 400], size=(4000, len(names)))
    facts = Facts(pa.table(dict(zip(names, cells.T, strict=True))), WINDOWS, TYPICAL)
    for topic in TOPICS:
        for statement in topic.statements:
            held = statement.true_of(facts)
            values = {name: value(facts)[held] for name, value in statement.filled.items()}
            assert held.any(), topic.name
            assert {name for name, found in values.items() if not np.isfinite(found).all()} == set(), topic.name


@pytest.mark.parametrize(
    ("tenure", "expected"), [(112, (34 - 4) * 28 / 84), (111, 10 - 4), (56, 10 - 4), (55, None), (None, None)]
)
def test_the_past_of_a_customer(tenure, expected):
    """Per month: by the longest window for who was there, by twice the recent one for others, unknown for newcomers."""
    facts = Facts(customer({"signed_up_days": tenure, "orders_28d": 4, "orders_56d": 10, "orders_112d": 34}), WINDOWS)
    [before] = facts.before("orders").tolist()
    assert (None if np.isnan(before) else before) == expected


@pytest.mark.parametrize("first", [56, 112])
def test_a_past_of_just_so_many_days_is_long_enough(first):
    """Who first bought 112 days ago has been there for all of them, though 9 / (9 / 112) is a little less in floats."""
    silence = np.arange(1, first, dtype=float)
    rows = {"recency_days": silence, "silence_share_of_tenure": silence / first}
    assert set(Facts(pa.table(rows), WINDOWS).tenure) == {first}


@pytest.mark.parametrize(
    ("windows_days", "en", "zh"),
    [((7, 28), "a month", "/月"), ((10, 30, 60, 90), "a month", "/月"), ((7,), "in 7 days", "/7天"), ((7, 32), "in 32 days", "/32天")],
)  # fmt: skip
def test_a_month_is_what_people_call_one(windows_days, en, zh):
    """28 to 31 days; other windows are told in days."""
    facts = Facts(customer({}), windows_days)
    assert (facts.month("en"), facts.month("zh-CN")) == (en, zh)
