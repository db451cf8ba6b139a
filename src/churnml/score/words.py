"""The pack's words, said once in each language: headers, tiers, reasons, changes."""

from churnml.language import Words

COLUMNS: Words = {
    "rank": ("rank", "序号"),
    "customer_id": ("customer_id", "客户编号"),
    "tier": ("tier", "等级"),
    "risk": ("risk", "流失风险"),
    "risk_percent": ("risk_percent", "流失风险（%）"),
    "why": ("why", "流失原因"),
    "cause": ("cause", "原因类别"),
    "evidence": ("evidence", "原因依据"),
    "expected_loss": ("expected_loss", "预期损失"),
    "value": ("value", "客户价值"),
    "days_since_purchase": ("days_since_purchase", "距上次购买（天）"),
    "usual_gap_days": ("usual_gap_days", "平常购买间隔（天）"),
    "recent_spend": ("recent_spend", "近期消费"),
    "rfm": ("rfm", "RFM"),
    "layer": ("layer", "价值层级"),
    "group": ("group", "客户分组"),
    "to_do": ("to_do", "建议行动"),
    "channel": ("channel", "沟通渠道"),
    "by_whom": ("by_whom", "执行人"),
    "due_on": ("due_on", "最迟日期"),
    "script": ("script", "参考话术"),
    "before": ("before", "上期等级"),
    "list_id": ("list_id", "名单编号"),
    "contacted_at": ("contacted_at", "联系时间"),
    "action": ("action", "措施"),
    "answer": ("answer", "客户答复"),
    "reason": ("reason", "原因"),
    "last_seen": ("last_seen", "最近活动"),
    "change": ("change", "变化"),
    "tier_before": ("tier_before", "原等级"),
    "tier_now": ("tier_now", "现等级"),
    "rule": ("rule", "预警规则"),
    "fired_by": ("fired_by", "触发依据"),
    "urgency": ("urgency", "紧急程度"),
    "due": ("due", "处理期限"),
    "since": ("since", "首次出现"),
    "escalated": ("escalated", "已升级"),
    "risk_percent_before": ("risk_percent_before", "原流失风险（%）"),
    "risk_percent_now": ("risk_percent_now", "现流失风险（%）"),
}

PEOPLE: Words = {
    "owner": ("owner", "客户经理"),
    "segment": ("segment", "客户分群"),
    "region": ("region", "地区"),
    "plan": ("plan", "套餐"),
    "signed_up_at": ("signed_up_at", "注册时间"),
}
"""Columns of customers that are ours by name; others are shown as the export calls them."""

MEANINGS: Words = {
    "rank": ("who comes first", "联系的先后顺序"),
    "risk": ("how likely the customer is to leave, from 0 to 100 %", "客户流失的可能性，0 到 100 %"),
    "why": (
        "what raises this customer's risk most, in the customer's own numbers; a month is 28 days",
        "推高该客户流失风险的主要因素（均为该客户自身数据；一个月按28天计）",
    ),
    "cause": ("the cause that the evidence speaks for, if it is clear", "证据所指向的流失原因；不明确时注明"),
    "evidence": (
        "what the cause is read from; it need not raise the risk: who complains is still there",
        "判断原因类别的依据；不一定推高风险：还会抱怨的客户仍未离开",
    ),
    "expected_loss": ("risk times value, in {currency}", "流失风险 × 客户价值，{currency}"),
    "value": (
        "what the customer is worth over the coming time, in {currency}",
        "客户在未来一段时间内的价值，{currency}",
    ),
    "days_since_purchase": ("days since the last purchase", "距最近一次购买的天数"),
    "usual_gap_days": ("days that usually lie between two purchases", "两次购买之间通常相隔的天数"),
    "recent_spend": ("what the customer spent recently, in {currency}", "客户近期的消费金额，{currency}"),
    "rfm": (
        "recency, frequency, money in fifths of all customers: 555 is best",
        "最近购买、购买频率、消费金额各分五档，555 为最好",
    ),
    "layer": (
        "A: the customers who together hold 80 % of the value of all; B: all others",
        "A：按价值从高到低，合计占全部价值 80% 的客户；B：其余客户",
    ),
    "group": (
        "new: a customer for less than 90 days; silent: not heard of for unusually long; at risk: to be called; "
        "loyal high-value: layer A without a reason to call; regular: all others",
        "新增：成为客户不足 90 天；沉默：异常久无动静；潜在流失高风险：需联系；高价值忠诚：A 层且无需联系；普通：其余客户",
    ),
    "to_do": ("what the playbook suggests for this customer", "行动手册对该客户的建议"),
    "channel": ("by which way", "通过哪种方式"),
    "by_whom": ("who does it", "由谁执行"),
    "due_on": ("the day by which it is done", "最迟完成日期"),
    "script": ("what may be said or sent; put it in your own words", "可参考的说法，请用自己的话表达"),
    "before": ("the tier on the list before this one; empty: on none", "上一期名单中的等级；空白表示不在名单中"),
    "list_id": ("which list this is; leave it as it is", "本名单的编号，请勿改动"),
    "contacted_at": ("fill in: the day on which you reached the customer", "请填写：联系上客户的日期"),
    "action": ("fill in: what you did or offered", "请填写：采取的措施或给出的优惠"),
    "answer": ("fill in: what the customer said", "请填写：客户的答复"),
}

URGENCIES: Words = {"urgent": ("urgent", "紧急"), "normal": ("normal", "一般"), "watch": ("watch", "观察")}

CHANGES: Words = {
    "entered": ("entered", "新进名单"),
    "moved_up": ("moved up", "等级上升"),
    "moved_down": ("moved down", "等级下降"),
    "left": ("left", "移出名单"),
    "recovered": ("recovered", "已恢复"),
    "gone": ("gone", "流失"),
}

NO_PLAY: Words = {"no_play": ("no play fits", "手册中无对应措施")}

ANSWERS: Words = {"yes": ("yes", "是"), "no": ("no", "否")}

COVER: Words = {
    "sheet": ("read me first", "使用说明"),
    "title": ("{project}: whom to call", "{project}：联系名单"),
    "as_of": (
        "As of {as_of}: nothing that happened on that day or later is in it.",
        "截至 {as_of} 零点：名单只依据此前已知的情况。",
    ),
    "customers": ("customers", "客户数"),
    "held": ("left alone", "对照组"),
    "to_call": ("to call", "需联系"),
    "where": ("where", "位置"),
    "said": ("what happened to their like", "同类客户后来的情况"),
    "in_sheet": ("sheet {sheet}, {file}", "工作表“{sheet}”，{file}"),
    "in_part": (
        "the first {rows} on sheet {sheet}, all in {file}",
        "前 {rows} 名在工作表“{sheet}”，全部在 {file}",
    ),
    "grid": ("Value against risk", "价值与风险"),
    "layer_a": (
        "Layer A, {customers:.0%} of the customers, holds {value:.0%} of the value; layer B are all others.",
        "A 层客户占 {customers:.0%}，持有 {value:.0%} 的价值；其余为 B 层。",
    ),
    "cell": ("{tier}, layer {layer}", "{tier}，{layer} 层"),
    "fill": ("What to fill in", "请填写"),
    "fill_how": (
        "Start at the top of a sheet. For everyone you reach, fill in {contacted_at}, {action} and {answer}; leave the other "
        "columns as they are, and give the file back: only so can anyone learn what helps.",
        "请从工作表顶部开始联系。每联系上一位客户，请填写“{contacted_at}”“{action}”“{answer}”，其余各列请勿改动，"
        "填好后将文件交回，才能知道哪些措施有效。",
    ),
    "alone": ("Who is left alone", "不联系的客户"),
    "alone_why": (
        "Customers who were drawn by lot ({count}) are on none of these sheets; holdout.csv has them. Please don't contact them: "
        "what becomes of them without a call shows what calls achieve.",
        "随机抽出 {count} 名客户不列入各工作表（见 holdout.csv），请勿联系。对照他们的去留，才能看出联系客户的效果。",
    ),
    "others": ("Who else there is", "其他文件"),
    "alerts": (
        "alerts.csv: customers whom a rule of the team points at, with why, and what to do by when ({count}).",
        "alerts.csv：触发预警规则的 {count} 名客户，含触发依据、处理建议与期限。",
    ),
    "unscored": (
        "unscored.csv: customers without a risk, and why ({count}).",
        "unscored.csv：{count} 名未评分的客户及原因。",
    ),
    "changes": (
        "changes.csv: customers whose tier is another one than on the list before ({count}).",
        "changes.csv：{count} 名等级与上期名单不同的客户。",
    ),
    "csv": (
        "Every list is a CSV beside this workbook, for systems that import them; people are better served by the workbook.",
        "每份名单另有一个 CSV 文件，供其他系统导入；人工查看请用本工作簿。",
    ),
    "columns": ("What the columns say", "各列含义"),
}
