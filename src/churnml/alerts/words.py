"""Words of alerts, said once in each language."""

from churnml.language import Words

BOUNDS: Words = {
    "above": ("above {}", "高于 {}"),
    "at_least": ("at least {}", "不低于 {}"),
    "below": ("below {}", "低于 {}"),
    "at_most": ("at most {}", "不高于 {}"),
}

UNITS: Words = {"days": ("days", "天"), "hours": ("hours", "小时")}

TABLES: Words = {
    "customers": ("customers", "客户"),
    "transactions": ("purchase", "购买"),
    "activity": ("activity", "活动"),
    "tickets": ("ticket", "工单"),
    "surveys": ("survey", "问卷"),
    "subscriptions": ("contract", "合同"),
    "cancellations": ("cancellation", "退订"),
    "contacts": ("contact", "联系"),
}

LINES: Words = {
    "value": ("{meaning}: {value}", "{meaning}：{value}"),
    "limited": ("{meaning}: {value} ({bounds})", "{meaning}：{value}（{bounds}）"),
    "and": (", ", "，"),
    "or": (" or ", "或"),
    "then": ("; ", "；"),
    "moved": ("{meaning}: {then} → {now} in {days} days", "{meaning}：{days}天内 {then} → {now}"),
    "unknown": ("unknown", "未知"),
    "new": ("nothing before", "此前没有"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "risk": ("risk of leaving", "流失风险"),
    "value_of": ("value of the customer", "客户价值"),
    "expected_loss": ("expected loss", "预期损失"),
    "once": ("{what} {age} days ago", "{age}天前：{what}"),
    "often": (
        "{what} {times} times in {days} days, last {age} days ago",
        "{days}天内 {times} 次：{what}，最近在{age}天前",
    ),
    "never": ("no {what} in the last {days} days", "近{days}天没有：{what}"),
    "since": ("no {what} since", "此后没有：{what}"),
    "about": ("{word} ({table})", "{word}（{table}）"),
    "attribute": ("{age} days since {what}", "距 {what} {age} 天"),
    "percent": ("{share:.0f} %", "{share:.0f}%"),
    "of_before": ("{share:.0f} % of it", "为其 {share:.0f}%"),
}

LACKS: Words = {
    "table": ("table {what}", "数据表 {what}"),
    "column": ("column {what}", "列 {what}"),
    "attribute": ("{what} in features.profile", "features.profile 中的 {what}"),
    "history": ("a longer history ({what})", "更长的历史（{what}）"),
    "feature": ("feature {what}", "特征 {what}"),
}
"""What a rule that sleeps waits for."""
