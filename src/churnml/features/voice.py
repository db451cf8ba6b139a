"""What customers write about: words in the texts of tickets and surveys that name a cause, in English and Chinese.

A word is found wherever it stands in the text, without regard to case. The lists are short and plain on purpose: they
miss much, and what they find is rarely wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from churnml.features.entry import Cause, Feature
from churnml.features.measures import recency

_SOURCE = (
    "what customers say themselves (practice of customer-success teams: price complaints, a competitor named in text)"
)


@dataclass(frozen=True)
class About:
    """One thing that texts are about: how it is called, which cause it speaks for, and the words that give it away."""

    en: str
    zh: str
    cause: Cause
    words: tuple[str, ...]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


ABOUT: Mapping[str, About] = {
    "waiting": About("waiting for an answer", "等待与回复慢", "service", _listed("""
        gets back to me, get back to me, no reply, no response, no answer, never answer, still waiting, waited, waiting for, takes too long,
        took too long, slow response, slow support, bad service, poor service, 没人回复, 没有回复, 没有人回复, 无人回复, 无人答复, 没有答复, 一直没有,
        等了, 等太久, 太慢, 响应慢, 回复慢, 服务差, 服务态度, 拖延
    """)),
    "use": About("little use for it", "用处不大、不再需要", "value", _listed("""
        hardly use, barely use, rarely use, don't use, do not use, not using, stopped using, no use for, no longer need, don't need, do not need,
        not needed, does not do much, doesn't do much, not worth, no benefit, no value, too complicated, 几乎不用, 不用了, 不再用, 很少用, 用不上, 用不到,
        没什么用, 还有什么用, 不需要, 用处不大, 帮助不大, 没有帮助, 不值, 太复杂
    """)),
    "price": About("prices or other providers", "价格或同行", "competitor", _listed("""
        expensive, cheaper, for less, lower price, price increase, higher price, too much money, better offer, better deal, discount elsewhere, competitor,
        other provider, another provider, other supplier, another shop, alternative to you, switch to, 太贵, 价格高, 更便宜, 便宜些, 涨价, 性价比, 优惠力度,
        别家, 其他家, 另一家, 同行, 竞品, 竞争对手, 对手更, 换一家
    """)),
    "bills": About("bills or wrong data", "账单或数据出错", "operations", _listed("""
        invoice, wrong bill, bills were, bill is wrong, billing, overcharged, charged twice, charged wrongly, double charge, wrong amount, wrong data,
        data is wrong, data was wrong, data were wrong, incorrect data, duplicate message, called twice, 账单, 发票, 多扣, 重复扣, 扣错, 扣款错误, 收费错误,
        数据错, 数据出错, 数据不对, 信息错误, 对不上, 重复联系
    """)),
    "contact": About("nobody looking after them", "无人联系", "relationship", _listed("""
        looks after us, looks after me, looking after us, never hear from, never heard from, nobody contacts, no contact, nobody calls, no one calls,
        who is our contact, our contact person, new contact person, account manager left, never visited, forgot about us, 没人联系, 无人联系, 从来没人,
        没有人联系, 由谁负责, 谁负责我们, 换了负责人, 对接人, 客户经理走了, 没人管, 不闻不问
    """)),
}  # fmt: skip
"""What texts are about -> one per cause family of the field."""


def voice(table: str, day: str, en: str, zh: str) -> list[Feature]:
    """Days since the customer last wrote about each.

    Args:
        table: what the texts are in, as the names of the entries say it.
        day: column of the day on which a text was known.
        en: what they are in, in English.
        zh: and in Chinese.
    """
    return [
        Feature(
            f"{table}_about_{name}_days", recency(day, _mentions(about.words)), "days",
            f"days since the customer last wrote about {about.en} in {en}", f"距客户上次在{zh}中提到{about.zh}的天数", about.cause, _SOURCE,
            needs=("text",),
        )
        for name, about in ABOUT.items()
    ]  # fmt: skip


def _mentions(words: Sequence[str]) -> str:
    """SQL: the text holds one of these words; an apostrophe doesn't matter, straight, curly or none."""
    bare = "replace(replace(lower(text), '''', ''), '’', '')"
    found = " OR ".join(f"contains({bare}, '{word.replace(chr(39), '')}')" for word in words)
    return f"text IS NOT NULL AND ({found})"
