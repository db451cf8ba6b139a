"""What ingest tells on the terminal, in both languages; places in braces are filled in."""

from collections.abc import Sequence

from churnml.language import Locale, Words, phrase

LINES: Words = {
    "reading": ("Reading exports", "读取导出文件"),
    "counts": (
        "{table}: {rows_in:,} rows in{known} = {kept:,} kept + {set_aside:,} set aside + {duplicates:,} exact "
        "duplicates{seldom}; {customers:,} customers{span}",
        "{table}：读入 {rows_in:,} 行{known} = 保留 {kept:,} 行 + 搁置 {set_aside:,} 行 + 完全重复 {duplicates:,} 行{seldom}；"
        "{customers:,} 位客户{span}",
    ),
    "from_history": (" ({count:,} of the history)", "（其中 {count:,} 行来自历史数据）"),
    "superseded": (" + {count:,} superseded", " + 被较新导出取代 {count:,} 行"),
    "left_out": (" + {count:,} left out", " + 按条件排除 {count:,} 行"),
    "span": (", {first} to {last}", "，{first} 至 {last}"),
    "broken": (
        "{cells:,} x {rule} in column '{column}', e.g. {places}",
        "{rule}：列“{column}”有 {cells:,} 处，例如 {places}",
    ),
    "broken_row": ("{cells:,} x {rule}, e.g. {places}", "{rule}：{cells:,} 行，例如 {places}"),
    "place": ("{file} row {row}", "{file} 第 {row} 行"),
    "repaired": (
        "{cells:,} x {repair} repaired in column '{column}'",
        "列“{column}”中 {cells:,} 个单元格的{repair}已修复",
    ),
    "found": ("{rows:,} of {of:,} {unit} {finding}", "{of:,} {unit}中有 {rows:,} {unit}{finding}"),
    "read": ("read {how}: {files}", "{how}：{files}"),
    "unmatched": ("not read, no source matches: {files}", "未读取，没有数据源与之匹配：{files}"),
    "unfed": ("{table}: {why}; the table {otherwise}", "{table}：{why}；{otherwise}"),
    "warning": ("warning: {line}", "警告：{line}"),
    "comma": (", ", "、"),
    "more": (" and {count} more", " 及另外 {count} 个"),
}

REPAIRS: Words = {
    "html_entities": ("html_entities", " HTML 实体"),
    "invisible_characters": ("invisible_characters", "不可见字符"),
    "full_width": ("full_width", "全角字母或数字"),
}

UNITS: Words = {
    "alike_ids": ("customers", "位客户"),
    "missing_month": ("months", "个月"),
    "orphans": ("rows", "行"),
    "before_sign_up": ("rows", "行"),
    "before_first_contract": ("rows", "行"),
    "out_of_order": ("rows", "行"),
    "contradicting_flag": ("customers", "位客户"),
    "repeated_id": ("values", "个值"),
    "hour_skipped": ("rows", "行"),
    "several_in_file": ("rows", "行"),
    "changed_between_files": ("orders", "个订单"),
    "nearly_repeated": ("rows", "行"),
}
"""What a finding counts."""

FINDINGS: Words = {
    "alike_ids": (
        "have an id like another's but for leading zeros, capitals or a .0 at the end",
        "的编号与其他客户的只差前导零、大小写或末尾的 .0",
    ),
    "missing_month": ("hold no row; the first is {month}", "没有数据，最早的是 {month}"),
    "orphans": ("are of customers that the table customers doesn't hold", "的客户不在 customers 表中"),
    "before_sign_up": ("are older than the sign-up of their customer", "早于其客户的注册时间"),
    "before_first_contract": ("are older than the first contract of their customer", "早于其客户的首份合同"),
    "out_of_order": ("have {second} before {first}", "的 {second} 早于 {first}"),
    "contradicting_flag": (
        "are called TRUE in '{header}' without a cancellation, or FALSE with one",
        "在“{header}”中为 TRUE 却没有退订记录，或为 FALSE 却有退订记录",
    ),
    "repeated_id": ("of '{header}' stand in several rows", "出现在多行中（列“{header}”）"),
    "hour_skipped": (
        "have a time in an hour that clocks skipped; it was taken for the hour after",
        "的时间落在夏令时跳过的那一小时内，按后一小时处理",
    ),
    "several_in_file": (
        "differ from another row of their own file with the same {by}, and only one of them holds; name in `dedupe.by` what "
        "tells lines of one order apart, such as product",
        "与同一文件中 {by} 相同的另一行不同，只保留其中一行；请在 `dedupe.by` 中加上能区分同一订单各行的列，如 product",
    ),
    "changed_between_files": (
        "that stand in several files differ between them; if the files overlap, say by `dedupe` which row holds",
        "在其所在的各个文件中内容不一致；如果文件有重叠，请用 `dedupe` 指定以哪一行为准",
    ),
    "nearly_repeated": (
        "stand in several files and differ only in what nothing is mapped from: if the files overlap, map a number that "
        "tells rows apart (order_id), or say by `dedupe` which row holds",
        "出现在多个文件中，且只有未映射的列不同；如果文件有重叠，请映射一个能区分各行的编号（order_id），"
        "或用 `dedupe` 指定以哪一行为准",
    ),
}

NOTES: Words = {
    "day_first": ("'{header}' was read day first{where}", "列“{header}”按“日/月”顺序读取{where}"),
    "month_first": ("'{header}' was read month first{where}", "列“{header}”按“月/日”顺序读取{where}"),
    "where": (" in {names}", "（{names}）"),
    "times_as_numbers": ("'{header}' holds times as numbers", "列“{header}”中的时间以数字表示"),
    "decimal_comma": ("'{header}' was read with a decimal comma{where}", "列“{header}”按小数逗号读取{where}"),
    "unit_in_header": (
        "'{header}' is taken as it is, whatever unit its name says",
        "列“{header}”按原值读取，不按列名中的单位换算",
    ),
    "unread_sheets": (
        "not read, since no mapped header stands in them: {names}",
        "未读取，其中没有任何已映射的列名：{names}",
    ),
    "lost_characters": (
        "{count:,} cells hold a character that was lost (\N{REPLACEMENT CHARACTER}); the rest of them is kept",
        "{count:,} 个单元格含有已丢失的字符（\N{REPLACEMENT CHARACTER}），其余内容已保留",
    ),
    "destroyed_ids": (
        "'{header}' holds {count:,} numbers of which a spreadsheet left the size alone (1.38E+10); they are taken for empty",
        "列“{header}”中有 {count:,} 个编号被电子表格改成了科学计数（如 1.38E+10），按空值处理",
    ),
    "zeros_by_format": (
        "'{header}' holds numbers, and {names} shows some with leading zeros by a format alone (00000): ids come without "
        "them; format the column as text and export it again if they belong to the ids",
        "列“{header}”中是数字，而 {names} 仅用格式（如 00000）显示前导零：编号读入时不含前导零；如果前导零属于编号，请将该列设为文本后重新导出",
    ),
    "refunds": ("{count:,} rows take money back, by '{header}'", "按列“{header}”，{count:,} 行是退款"),
}

FORMATS: Words = {
    "as": ("as {value}", "按 {value} 读取"),
    "separated": ("separated by {value}", "以{value}分隔读取"),
    "header_row": ("with its header in row {value}", "表头在第 {value} 行"),
}

SIGNS: Words = {
    ",": ("','", "逗号（,）"),
    ";": ("';'", "分号（;）"),
    "\t": ("a tab", "制表符"),
    "|": ("'|'", "竖线（|）"),
}
"""Delimiters that are found out."""

NO_FILE: Words = {
    "not_read": (
        "'{pattern}' matches {names}, but only {kinds} files are read",
        "“{pattern}”匹配到 {names}，但只读取 {kinds} 文件",
    ),
    "no_match": (
        "no file in {folders} matches '{pattern}'; {there}",
        "{folders} 中没有与“{pattern}”匹配的文件；{there}",
    ),
    "there": ("files there: {names}", "现有文件：{names}"),
    "empty": ("the folder is empty", "该文件夹为空"),
    "all_empty": ("the folders are empty", "这些文件夹均为空"),
    "kinds": (
        "{texts} (each also with {packed}), {books}, .parquet and .zip",
        "{texts}（均可再加 {packed}）、{books}、.parquet 和 .zip",
    ),
}

OTHERWISE: Words = {
    "elsewhere": ("comes from elsewhere", "该表另有来源"),
    "not_needed": ("isn't needed to score", "评分不需要该表"),
}


def joined(names: Sequence[str], locale: Locale) -> str:
    """Names as a list in a sentence.

    >>> joined(["a.csv", "b.csv"], "en"), joined(["a.csv", "b.csv"], "zh-CN")
    ('a.csv, b.csv', 'a.csv、b.csv')
    """
    return phrase(LINES, "comma", locale).join(names)


def first_of(names: Sequence[str], locale: Locale, most: int = 3) -> str:
    """The first names, and how many more there are.

    >>> first_of(["a.csv", "b.csv", "c.csv"], "en", 1), first_of(["a.csv", "b.csv", "c.csv"], "zh-CN", 1)
    ('a.csv and 2 more', 'a.csv 及另外 2 个')
    """
    more = phrase(LINES, "more", locale, count=len(names) - most) if len(names) > most else ""
    return joined(names[:most], locale) + more
