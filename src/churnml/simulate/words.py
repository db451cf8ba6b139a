"""What the exports' cells say, in English and in Chinese. Rows hold the index of a word until they are exported."""

from typing import Literal

Locale = Literal["en", "zh-CN"]

EVENTS = (
    "visit", "login", "feature_use", "cancel_page_viewed", "payment_overdue", "key_contact_changed", "auto_renew_off",
    "newsletter_off", "exit_call",
)  # fmt: skip
TICKET_KINDS = ("question", "problem", "complaint")
SURVEY_KINDS = ("nps", "csat")
ARMS = ("treated", "holdout")

_EN: dict[str, tuple[str, ...]] = {
    "event": EVENTS,
    "feature": ("dashboard", "reports", "export", "automation", "integrations", "api"),
    "ticket_kind": TICKET_KINDS,
    "priority": ("low", "normal", "high"),
    "survey_kind": SURVEY_KINDS,
    "action": ("apology", "training", "offer", "data_fix", "visit", "care_message", "check_in"),
    "arm": ARMS,
    "contact_channel": ("phone", "mail", "message"),
    "answer": ("positive", "neutral", "negative"),
    "plan": ("basic", "plus", "pro", "basic yearly", "plus yearly", "pro yearly"),
    "yes_no": ("yes", "no"),
    "reason": ("poor service", "not used enough", "other provider", "wrong data or bills", "no contact", "other"),
    "cause": ("service", "value", "competitor", "operations", "relationship", "none"),
    "region": ("north", "east", "south", "west", "abroad"),
    "segment": ("private", "business"),
    "source": ("search", "friend", "advertisement", "fair"),
    "category": ("kitchen", "garden", "office", "toys", "sports", "books", "audio", "travel", "contract"),
    "channel": ("web", "app", "store", "invoice"),
    "status": ("open", "closed"),
    "ticket_text": (
        "Nobody gets back to me about my last request",
        "I hardly use it any more, what is it still good for?",
        "Another shop offers the same for less",
        "The invoice is wrong again",
        "Who looks after us now?",
        "How do I change my address?",
    ),
    "survey_text": (
        "Waited days for an answer",
        "Does not do much for us these days",
        "Too expensive compared with others",
        "Our data and bills were wrong",
        "Never hear from anybody",
        "All fine",
    ),
    "first_name": ("Anna", "Ben", "Carla", "Dan", "Eva", "Finn", "Grace", "Hugo", "Ida", "Jon", "Kim", "Leo", "Mia", "Noah"),
    "last_name": ("Adler", "Baker", "Carter", "Dietz", "Evans", "Fischer", "Green", "Hall", "Irving", "Jones", "Keller", "O'Neil"),
    "owner": ("A. Lang", "B. Stone", "C. Moore", "D. Wood"),
}  # fmt: skip

_ZH: dict[str, tuple[str, ...]] = {
    "event": (
        "访问",
        "登录",
        "功能使用",
        "查看退订页面",
        "付款逾期",
        "关键联系人变动",
        "关闭自动续费",
        "退订资讯",
        "离网回访",
    ),
    "feature": ("看板", "报表", "导出", "自动化", "集成", "接口"),
    "ticket_kind": ("咨询", "故障", "投诉"),
    "priority": ("低", "中", "高"),
    "survey_kind": ("NPS", "满意度"),
    "action": ("致歉", "培训", "优惠", "数据修正", "拜访", "关怀消息", "例行回访"),
    "arm": ("干预", "对照"),
    "contact_channel": ("电话", "邮件", "企业微信"),
    "answer": ("积极", "一般", "消极"),
    "plan": ("基础版", "标准版", "专业版", "基础版 年付", "标准版 年付", "专业版 年付"),
    "yes_no": ("是", "否"),
    "reason": ("服务差", "使用少", "更换供应商", "数据或账单错误", "无人联系", "其他"),
    "cause": ("服务响应滞后", "产品价值感下降", "竞争对手抢夺", "管理混乱", "关系维护不足", "无明显原因"),
    "region": ("华北", "华东", "华南", "西部", "海外"),
    "segment": ("个人", "企业"),
    "source": ("搜索", "朋友推荐", "广告", "展会"),
    "category": ("厨房", "园艺", "办公", "玩具", "运动", "图书", "音响", "旅行", "合同"),
    "channel": ("网站", "小程序", "门店", "账单"),
    "status": ("正常", "已销户"),
    "ticket_text": (
        "上次的问题一直没有人回复",
        "现在几乎不用了，还有什么用？",
        "别家同样的东西更便宜",
        "账单又错了",
        "现在由谁负责我们？",
        "怎么修改地址？",
    ),
    "survey_text": ("等了好几天才有答复", "对我们帮助不大了", "比别家贵", "数据和账单出错", "从来没人联系", "都挺好"),
    "first_name": ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟"),
    "last_name": ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"),
    "owner": ("郑经理", "冯经理", "蒋经理", "沈经理"),
}

NO_COMPLAINT = len(_EN["ticket_text"]) - 1
"""The text of tickets and surveys that name no cause."""


def words(of: str, locale: Locale) -> tuple[str, ...]:
    """The words that cells of this kind may hold.

    >>> words("answer", "zh-CN")
    ('积极', '一般', '消极')
    """
    return (_EN if locale == "en" else _ZH)[of]
