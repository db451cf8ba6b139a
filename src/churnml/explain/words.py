"""What is said of a customer, once in each language."""

from churnml.language import Words

HEADS: Words = {
    "risk": ("Risk", "流失风险"),
    "tier": ("Tier", "等级"),
    "value": ("Value", "客户价值"),
    "kind": ("Kind", "客户类型"),
    "why": ("Why", "流失原因"),
    "cause": ("Cause", "原因类别"),
    "to_do": ("To do", "建议行动"),
    "alerts": ("Alerts", "预警"),
    "past": ("Risk at past cutoffs", "历史时点的风险"),
    "months": ("Month by month", "按月汇总"),
    "events": ("What happened, newest first", "经历（由近及远）"),
    "picture": ("The last months", "近几个月"),
    "warning": ("Warning", "警告"),
}

LINES: Words = {
    "title": ("Customer {customer}", "客户 {customer}"),
    "as_of": ("{project}, as of {as_of}", "{project}，截至 {as_of}"),
    "inactivity": (
        "{risk} that the customer won't come back within {days} days",
        "有 {risk} 的可能在 {days} 天内不再回来",
    ),
    "cancellation": ("{risk} that the customer cancels within {days} days", "有 {risk} 的可能在 {days} 天内退订"),
    "label": ("{risk} that the customer is one of those who leave", "有 {risk} 的可能属于流失客户"),
    "points": ("{points:+.1f} points since {since}", "自 {since} 以来 {points:+.1f} 个百分点"),
    "rank": ("{tier}, rank {rank}", "{tier}，序号 {rank}"),
    "before": ("before: {tier}", "上期：{tier}"),
    "on_list": ("list {folder}", "名单 {folder}"),
    "worth": ("{value} {currency}, {loss} of it expected to be lost", "{value} {currency}，预期损失 {loss}"),
    "layer": ("layer {layer}", "{layer} 层"),
    "rfm": ("RFM {digits} ({called})", "RFM {digits}（{called}）"),
    "stage": ("{stage}", "{stage}期"),
    "held": (
        "Nothing: left alone, to measure what contacting brings. Please don't contact this customer.",
        "无：属于对照组，用于衡量联系的效果，请勿联系该客户。",
    ),
    "no_plan": ("Nothing: the playbook has nothing for this customer.", "无：行动手册对该客户没有安排。"),
    "no_place": (
        "Decided among all customers, and there is no list of {as_of} by this bundle and these tables: run `churnml score "
        "--as-of {as_of}`",
        "需在全部客户中确定，而目前没有用该模型和这些数据在 {as_of} 生成的名单：请运行 churnml score --as-of {as_of}",
    ),
    "no_place_plan": ("It depends on the tier.", "取决于等级。"),
    "by": ("by {day}", "最迟 {day}"),
    "script": ("“{script}”", "“{script}”"),
    "no_alert": ("none", "无"),
    "not_now": ("not told of now: {state}", "本次不提示：{state}"),
    "undecided": ("depends on the tier: {titles}", "取决于等级：{titles}"),
    "unscored": ("none: {reason}", "无：{reason}"),
    "last_seen": ("last seen {day}", "最近活动 {day}"),
    "said_then": ("said then, by a model that was fitted before", "由各时点之前训练的模型给出"),
    "no_past": (
        "The customer is in none of the cutoffs that were predicted.",
        "该客户不在任何一个有预测的历史时点中。",
    ),
    "no_boosters": (
        "Unknown: models/boosters isn't what this bundle was made from.",
        "不详：models/boosters 与该模型不对应。",
    ),
    "nothing": ("Nothing is known.", "没有记录。"),
    "more": ("… and {count:,} earlier", "……以及更早的 {count:,} 条"),
    "left": ("left", "流失"),
    "stayed": ("stayed", "留存"),
    "open": ("not known yet", "尚不知"),
    "now": ("now", "目前"),
    "between": ("; ", "；"),
    "and": (", ", "，"),
    "colon": (": ", "："),
    "to": (" → ", " → "),
    "month_name": ("{year}-{month:02d}", "{year}年{month}月"),
    "complaints_filled": ("{lane} (filled: complaints)", "{lane}（实心：投诉）"),
    "weekly": ("{what} by week", "每周{what}"),
}

COLUMNS: Words = {
    "as_of": ("as of", "时点"),
    "risk": ("risk", "风险"),
    "moved": ("points", "百分点"),
    "tier": ("tier", "等级"),
    "then": ("then", "结果"),
    "month": ("month", "月份"),
    "purchase_days": ("purchase days", "购买天数"),
    "spend": ("spend", "消费金额"),
    "active_days": ("active days", "活跃天数"),
    "tickets": ("tickets", "工单"),
    "surveys": ("surveys", "问卷"),
    "contacts": ("contacts", "联系"),
}

LANES: Words = {
    "purchases": ("purchases", "购买"),
    "tickets": ("tickets", "工单"),
    "surveys": ("surveys", "问卷"),
    "contacts": ("contacts", "联系"),
    "contracts": ("contract", "合同"),
    "signals": ("signals", "信号"),
}

EVENTS: Words = {
    "signed_up": ("signed up", "注册"),
    "refund": ("refund", "退款"),
    "opened": ("ticket opened", "提交工单"),
    "answered": ("ticket first answered", "工单首次答复"),
    "resolved": ("ticket resolved", "工单解决"),
    "survey": ("survey answered", "填写问卷"),
    "contacted": ("we contacted", "我方联系"),
    "replied": ("the customer answered us", "客户答复"),
    "began": ("contract began", "合同开始"),
    "ended": ("contract ended", "合同结束"),
    "changed": ("contract changed", "合同变更"),
    "renewed": ("contract renewed", "合同续签"),
    "cancelled": ("cancelled", "退订"),
    "signal_contact": ("key contact changed", "关键联系人变动"),
    "signal_late": ("payment late", "付款逾期"),
    "signal_renewal": ("automatic renewal switched off", "关闭自动续费"),
    "signal_leaving": ("asked about cancelling", "咨询或查看退订"),
    "signal_mail": ("opted out of messages", "退订消息"),
}

FILLED: Words = {
    "amount": ("{} {currency}", "{} {currency}"),
    "days": ("after {} days", "{} 天后"),
    "day": ("after 1 day", "1 天后"),
    "same_day": ("on the same day", "当天"),
    "satisfaction": ("rated {}", "评分 {}"),
    "score": ("score {}", "得分 {}"),
    "monthly_amount": ("{} {currency} a month", "每月 {} {currency}"),
}
"""How a cell is said, where it isn't said as it is."""
