"""What came in, what was set aside, what is missing, and where it all is remembered."""

from collections.abc import Iterator

from churnml.contracts.broken import RULES
from churnml.language import Words
from churnml.report.parts import Both, Column, Part, Section, Table, Text, Titled, both, word
from churnml.report.seen import Seen
from churnml.report.trust import TABLES

WORDS: Words = {
    "title": ("Data", "数据"),
    "summary": (
        "{rows} rows came in, {kept} were kept, {aside} set aside with the reason, {twice} were exact duplicates.",
        "读入 {rows} 行，保留 {kept} 行，搁置 {aside} 行（附原因），完全重复 {twice} 行。",
    ),
    "tables": ("What came in", "读入的数据"),
    "table": ("table", "数据表"),
    "rows_in": ("rows in", "读入"),
    "kept": ("kept", "保留"),
    "set_aside": ("set aside", "搁置"),
    "duplicates": ("exact duplicates", "完全重复"),
    "superseded": ("superseded", "被取代"),
    "left_out": ("left out", "按条件排除"),
    "customers": ("customers", "客户数"),
    "first_day": ("first day", "首日"),
    "last_day": ("last day", "末日"),
    "rules": ("Why rows were set aside", "搁置原因"),
    "rule": ("rule", "规则"),
    "column": ("column", "列"),
    "cells": ("cells", "单元格数"),
    "findings": ("What looks odd in what was kept", "保留数据中的异常"),
    "finding": ("finding", "发现"),
    "rows": ("how many", "数量"),
    "of": ("of", "总数"),
    "no_findings": ("Nothing looks odd in what was kept.", "保留的数据中没有发现异常。"),
    "unmatched": ("Files that nothing reads: {files}.", "没有数据源读取的文件：{files}。"),
    "unfed": ("Tables without a file: {tables}.", "没有文件的数据表：{tables}。"),
    "not_known": ("What came in isn't told in this pack.", "该名单未附带导入信息。"),
    "runs": ("Where it is remembered", "运行记录"),
    "links": (
        "Runs, pictures and models: `mlflow ui --backend-store-uri {uri}`. Which run made these lists, and from what: `churnml lineage LISTS`. Unchanged since: `churnml verify LISTS`, with LISTS the folder {pack}.",
        "运行、图表与模型：`mlflow ui --backend-store-uri {uri}`。哪次运行、用什么数据生成了本名单：`churnml lineage LISTS`。校验是否被改动：`churnml verify LISTS`（LISTS 为文件夹 {pack}）。",
    ),
    "kind": ("made from", "来源"),
    "hash": ("content hash", "内容哈希"),
}

FINDINGS: Words = {
    "alike_ids": ("customers with nearly the same id", "编号几乎相同的客户"),
    "missing_month": ("months without a row", "没有数据的月份"),
    "orphans": ("rows of customers whom the customers table lacks", "客户表中没有的客户的行"),
    "before_sign_up": ("rows older than the sign-up", "早于注册时间的行"),
    "before_first_contract": ("rows older than the first contract", "早于首份合同的行"),
    "out_of_order": ("rows whose times are in the wrong order", "时间先后颠倒的行"),
    "contradicting_flag": ("customers whose flag contradicts their cancellations", "标志与退订记录矛盾的客户"),
    "repeated_id": ("ids that stand in several rows", "出现在多行中的编号"),
    "hour_skipped": ("rows in an hour that clocks skipped", "落在夏令时跳过的一小时内的行"),
    "several_in_file": ("rows that differ from another with the same key", "主键相同而内容不同的行"),
    "changed_between_files": ("orders that differ between files", "各文件中不一致的订单"),
    "nearly_repeated": ("rows that nearly repeat another", "与其他行几乎相同的行"),
}

KINDS: Words = {
    "exports": ("exports", "导出文件"),
    "tables": ("tables", "数据表"),
    "panel": ("panel", "样本面板"),
    "boosters": ("boosters", "模型训练结果"),
    "bundle": ("bundle", "模型包"),
    "previous": ("lists before", "上期名单"),
}

_NUMBERS = ("rows_in", "kept", "set_aside", "duplicates", "superseded", "left_out", "customers")


def data(seen: Seen) -> Section:
    """Rows in and out, findings, hashes."""
    parts: list[Part] = [*_came_in(seen), *_remembered(seen)]
    return Section("data", word(WORDS, "title"), parts)


def _came_in(seen: Seen) -> Iterator[Part]:
    tables = list(seen.ingested.get("tables", {}).values())
    if not tables:
        yield Text(word(WORDS, "not_known"), "soft")
        return
    total = {name: sum(int(one[name]) for one in tables) for name in ("rows_in", "kept", "set_aside", "duplicates")}
    yield Text(
        both(
            WORDS, "summary", rows=f"{total['rows_in']:,}", kept=f"{total['kept']:,}", aside=f"{total['set_aside']:,}",
            twice=f"{total['duplicates']:,}",
        )
    )  # fmt: skip
    columns = (
        Column("table", word(WORDS, "table"), words=TABLES),
        *(Column(name, word(WORDS, name), "count") for name in _NUMBERS),
        Column("first_day", word(WORDS, "first_day"), "day"),
        Column("last_day", word(WORDS, "last_day"), "day"),
    )
    yield Titled(word(WORDS, "tables"), Table("tables", columns, tables))
    rules = [{**rule, "table": one["table"]} for one in tables for rule in one["rules"]]
    if rules:
        columns = (
            Column("table", word(WORDS, "table"), words=TABLES),
            Column("rule", word(WORDS, "rule"), words=RULES),
            Column("column", word(WORDS, "column")),
            Column("cells", word(WORDS, "cells"), "count"),
        )
        yield Titled(word(WORDS, "rules"), Table("rules", columns, rules))
    findings = [finding for one in tables for finding in one["findings"]]
    if findings:
        columns = (
            Column("table", word(WORDS, "table"), words=TABLES),
            Column("finding", word(WORDS, "finding"), words=FINDINGS),
            Column("rows", word(WORDS, "rows"), "count"),
            Column("of", word(WORDS, "of"), "count"),
        )
        yield Titled(word(WORDS, "findings"), Table("findings", columns, findings))
    else:
        yield Text(word(WORDS, "no_findings"), "soft")
    for name, key in (("unmatched", "unmatched_files"), ("unfed", "sources_without_file")):
        there = [_named(each) for each in seen.ingested.get(key, [])]
        if there:
            yield Text(both(WORDS, name, files=_list(there), tables=_list(there)), "warning")


def _named(one: object) -> str:
    return str(one.get("table", "")) if isinstance(one, dict) else str(one)


def _list(names: list[str]) -> Both:
    return ", ".join(names), "、".join(names)


def _remembered(seen: Seen) -> Iterator[Part]:
    made = {**seen.bundle.made_from, **seen.manifest.get("made_from", {})}
    rows = [{"kind": kind, "hash": digest} for kind, digest in made.items()]
    columns = (Column("kind", word(WORDS, "kind"), words=KINDS), Column("hash", word(WORDS, "hash")))
    uri = seen.bundle.params.track.uri
    yield Text(both(WORDS, "links", uri="…" if "@" in uri else uri, pack=seen.pack.name))
    yield Titled(word(WORDS, "runs"), Table("made_from", columns, rows), folded=True)
