"""What the checks say, in both languages; places in braces are filled in."""

from churnml.language import Words

CHECKS: Words = {
    "table": ("table", "表"),
    "column": ("column", "列"),
    "type": ("type", "类型"),
    "category": ("category", "类别"),
    "end": ("end", "截止"),
    "gap": ("gap", "空缺"),
    "later": ("later", "更晚"),
    "volume": ("volume", "数据量"),
    "feature": ("feature", "特征"),
    "drift": ("drift", "漂移"),
    "fine": ("fine", "正常"),
    "warning": ("warning", "警告"),
    "error": ("error", "错误"),
    "there": ("there", "有"),
    "not_there": ("not there", "无"),
    "missing": ("missing", "缺失"),
    "new": ("new", "新增"),
    "unused": ("nothing is learned from it", "模型不使用"),
    "column_rule": (
        "a warning, an error if the lists show it; export it again with this column",
        "警告；若名单要显示该列则为错误；请重新导出并包含此列",
    ),
    "table_rule": ("export it again if it should be there", "如应存在，请重新导出"),
    "numbers": ("numbers", "数字"),
    "no_numbers": ("{count:,} of {cells:,} cells are none", "{cells:,} 个单元格中有 {count:,} 个不是数字"),
    "type_rule": (
        "an error above {share:.0%}; correct the column, or train again",
        "超过 {share:.0%} 为错误；请更正该列或重新训练",
    ),
    "strange": ("{count:,} customers ({share:.1%}) have another", "{count:,} 位客户（{share:.1%}）为其他类别"),
    "category_rule": (
        "they count as unknown; a warning above {least:.0%}, an error above {most:.0%}",
        "按未知处理；超过 {least:.0%} 为警告，超过 {most:.0%} 为错误",
    ),
    "last_row": ("last row on {last}, {days} days without", "最后一行在 {last}，之后 {days} 天没有数据"),
    "no_row": ("no row at all", "没有任何数据"),
    "pause": ("at most {days} days without", "最多 {days} 天没有数据"),
    "end_rule": (
        "a warning above {times} times that; export it up to {as_of}",
        "超过其 {times} 倍为警告；请导出至 {as_of}",
    ),
    "gap_found": ("{days} days without, from {first} on", "自 {first} 起 {days} 天没有数据"),
    "gap_rule": (
        "a warning above {times} times that, an error if it is {month} days or more; export that time, too",
        "超过其 {times} 倍为警告，且达到 {month} 天为错误；请补充导出该时段",
    ),
    "later_row": ("goes on until {last}, {days} days after the lists' day", "数据到 {last}，比名单日期晚 {days} 天"),
    "later_rule": (
        "a warning above {times} times that; what decides who left ends at {as_of}: export it up to the same day, or ask "
        "for that day with --as-of",
        "超过其 {times} 倍为警告；判定流失的数据止于 {as_of}：请导出至同一天，或用 --as-of 指定该日期",
    ),
    "range": ("{fewest:.3g} to {most:.3g}", "{fewest:.3g} 至 {most:.3g}"),
    "volume_rule": (
        "rows per customer and day; a warning below {less:.0%} of the fewest or above {more:.0%} of the most, an error "
        "below {hardly:.0%}: is the same still exported?",
        "每位客户每天的行数；低于最少值的 {less:.0%} 或高于最多值的 {more:.0%} 为警告，低于 {hardly:.0%} 为错误：导出内容是否仍相同？",
    ),
    "had": ("{share:.0%} had a value", "{share:.0%} 有值"),
    "nobody": ("nobody has one", "无人有值"),
    "feature_rule": (
        "an error where {share:.0%} had one; export what it is made from",
        "训练时至少 {share:.0%} 有值则为错误；请导出其来源数据",
    ),
    "drift_rule": (
        "stability index; a warning above {least} and {times:g} times that between training cutoffs",
        "稳定性指数；高于 {least} 且超过训练时点之间的 {times:g} 倍为警告",
    ),
    "line": (
        "{check}, {where}: {now}, in training {training}; {rule}",
        "{check} {where}：{now}，训练时 {training}；{rule}",
    ),
    "check": ("check", "检查"),
    "where": ("where", "位置"),
    "training": ("training", "训练时"),
    "now": ("now", "现在"),
    "verdict": ("verdict", "结论"),
    "rule": ("rule", "规则"),
    "unlike": ("these exports aren't like those of the training", "本次导出与训练数据不符"),
    "more": (" (and {count} more)", "（另有 {count} 项）"),
}
