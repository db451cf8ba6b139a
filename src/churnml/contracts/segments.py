"""The words by which customers are told apart, in both languages, and what each means. The rules are in `segments.py`."""

from churnml.language import Words

LAYERS: Words = {"A": ("A", "A"), "B": ("B", "B")}

FOURFOLD: Words = {
    "loyal": ("loyal high-value", "高价值忠诚"),
    "at_risk": ("at risk", "潜在流失高风险"),
    "new": ("new", "新增"),
    "silent": ("silent", "沉默"),
    "regular": ("regular", "普通"),
}
"""The four groups, and `regular` for who is in none of them."""

STAGES: Words = {
    "acquired": ("acquired", "获取"),
    "growing": ("growing", "成长"),
    "retained": ("retained", "维系"),
    "lost": ("lost", "流失"),
    "unknown": ("unknown", "未知"),
}
"""Where in its life a customer is. Who is only aware of us (认知) is in no table."""

NONE = "none"
"""No cause is clear, or none was looked for."""

CAUSES: Words = {
    "service": ("slow or broken service", "服务响应滞后"),
    "value": ("less value or need", "产品价值感下降或需求变化"),
    "competitor": ("price or competitor", "价格或竞争对手"),
    "operations": ("disorder in our records", "管理混乱、数据失真"),
    "relationship": ("contact broke off", "关系维护不足"),
    NONE: ("no clear cause", "原因不明"),
}

NO_REASON: Words = {
    "no_reason": (
        "nothing that can be put in words raises the risk",
        "没有可用文字说明的推高风险的因素",
    ),
}
"""Said where a reason would stand."""

KINDS: Words = {
    "passive": ("passive", "被动"),
    "active": ("active", "主动"),
    "hidden": ("hidden", "隐性"),
    "none": ("nothing says it", "暂无迹象"),
}

RFM_NAMES: Words = {
    "champions": ("champions", "重要价值客户"),
    "rising_spenders": ("big spenders to win over", "重要发展客户"),
    "cannot_lose": ("can't lose them", "重要保持客户"),
    "slipping_spenders": ("big spenders slipping away", "重要挽留客户"),
    "loyal_small": ("loyal, small baskets", "一般价值客户"),
    "promising": ("promising", "一般发展客户"),
    "fading": ("fading regulars", "一般保持客户"),
    "hibernating": ("hibernating", "一般挽留客户"),
}

SEGMENT_MEANINGS: Words = {
    "A": (
        "the customers who together hold 80 % of the value of all",
        "按价值从高到低，合计占全部价值 80% 的客户",
    ),
    "B": ("all other customers", "其余客户"),
    "loyal": (
        "layer A, no reason to call, and neither new nor silent",
        "A 层、不在联系等级内，且既非新增也非沉默",
    ),
    "at_risk": ("in a tier that is called, and neither new nor silent", "在需联系的等级内，且既非新增也非沉默"),
    "new": ("a customer for less than 90 days", "成为客户不足 90 天"),
    "silent": (
        "not heard of for longer than the horizon, and for more than twice the usual gap",
        "无动静的天数超过预测期，且超过平常间隔的两倍",
    ),
    "regular": ("none of the four groups", "不属于以上四类"),
    "acquired": ("a customer for less than 90 days", "成为客户不足 90 天"),
    "growing": ("a customer for 90 to 364 days", "成为客户 90 至 364 天"),
    "retained": ("a customer for a year or longer", "成为客户满一年"),
    "lost": (
        "silent for longer than anyone who counts as active",
        "沉默时间已超过活跃客户的期限",
    ),
    "unknown": ("since when isn't known", "成为客户的时间不详"),
    "passive": (
        "we let them go: service, product or contact broke off",
        "我方原因：服务、产品或联系中断",
    ),
    "active": ("they turn away: price, a competitor", "客户主动离开：价格、竞争对手"),
    "hidden": ("not gone, less and less", "尚未离开，但越来越少"),
}
