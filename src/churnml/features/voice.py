"""What customers write about: words in the texts of tickets and surveys that name a cause, in English and Chinese.

Words are found wherever they stand in the text, without regard to case. So they are long enough to be a complaint by
themselves: who writes `invoice` may just ask for one, `wrong invoice` is what we mean. The lists are plain on purpose: they
miss much, and what they find is rarely wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from churnml.features.entry import Cause, Feature
from churnml.features.measures import recency
from churnml.features.words import listed

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


ABOUT: Mapping[str, About] = {
    "waiting": About("waiting for an answer", "等待与回复慢", "service", listed("""
        nobody gets back, no one gets back, never gets back, nobody got back, no one got back, never got back, nobody answer,
        no one answer, never answer, nobody repl, no one repl, never repl, no reply from, no reply to my, no reply for, no reply yet,
        still no reply, no response from, no response to my, no response for, no response yet, still no response, no answer from,
        no answer to my, no answer for, no answer yet, still no answer, still waiting, been waiting, waited days, waited for days,
        waited weeks, waited for weeks, waited for an answer, waited for a reply, waiting for an answer, waiting for a reply,
        waiting for a response, takes too long, took too long, response is slow, response was slow, responses are slow,
        your slow response, slow support, bad service, poor service, 没人回复, 没有回复, 没有人回复, 无人回复, 无人答复, 没有答复, 一直没有人, 一直没人, 一直没解决, 一直没有解决,
        等了好, 等了很久, 等了几天, 等了几个, 等了几周, 等了半天, 等了两, 等了三, 等了太久, 等太久, 响应慢, 响应太慢, 回复慢, 回复太慢, 答复太慢, 处理太慢, 服务差, 服务太差, 服务态度差, 服务态度太差, 服务态度不好,
        服务态度恶劣, 拖延
    """)),
    "use": About("little use for it", "用处不大、不再需要", "value", listed("""
        hardly use it, hardly use your, hardly use the app, barely use it, barely use your, rarely use it, rarely use your,
        don't use it, do not use it, don't really use, not using it, stopped using, no use for, no longer use it, no longer use your,
        no longer need it, no longer need your, don't need it any, do not need it any, don't need your, do not need your,
        no longer needed, does not do much, doesn't do much, not worth it, not worth the, isn't worth, no benefit, no value for us,
        no value for me, too complicated for us, too complicated for me, is too complicated, 几乎不用, 已经不用, 早就不用, 不再用, 很少用了, 很少使用了, 很少用你们,
        用不上, 没什么用, 还有什么用, 不再需要, 已经不需要, 我们不需要了, 用处不大, 帮助不大, 没有帮助, 不值这个, 不值得花, 不值得续, 不太值, 觉得不值, 太复杂
    """)),
    "price": About("prices or other providers", "价格或同行", "competitor", listed("""
        too expensive, expensive compared, cheaper elsewhere, cheaper somewhere else, cheaper offer, cheaper provider,
        cheaper alternative, same for less, price increase, price is too high, prices are too high, raised the price,
        raised your price, too much money, a better offer, better offer from, better deal elsewhere, discount elsewhere,
        your competitor, competitor is, competitor offer, competitors are, competitors offer, to a competitor, from a competitor,
        another provider offers, another provider is, to another provider, other providers, another supplier, other suppliers,
        another shop offers, another shop sells, alternative to you, to another company, 太贵, 偏贵, 有点贵, 比别家贵, 价格太高,
        价格偏高, 便宜些, 涨价, 性价比低, 性价比太低, 性价比不高, 性价比差, 别家同样, 别家更, 别家便宜, 别家价格, 别家的价格, 其他家更, 其他家便宜, 另一家更, 另一家便宜, 同行更, 同行便宜, 同行价格, 同行的价格, 同行报价,
        竞品, 竞争对手, 对手更, 换一家供应商, 换一家公司, 换别家, 换其他家, 换供应商
    """)),
    "bills": About("bills or wrong data", "账单或数据出错", "operations", listed("""
        invoice is wrong, invoice was wrong, invoices are wrong, invoices were wrong, wrong invoice, incorrect invoice,
        error in my invoice, error in our invoice, error in the invoice, error on my invoice, error on our invoice,
        error on the invoice, mistake in my invoice, mistake in our invoice, mistake in the invoice, mistake on my invoice,
        mistake on our invoice, mistake on the invoice, wrong bill, bill is wrong, bill was wrong, bills are wrong, bills were wrong,
        billing error, billing mistake, billed twice, invoiced twice, overcharged, charged twice, charged wrongly, wrongly charged,
        double charge, charged the wrong amount, wrong data, data is wrong, data was wrong, data were wrong, incorrect data,
        duplicate message, called me twice, called us twice, were called twice, was called twice, 账单错, 账单又错, 账单有误, 账单有错, 账单出错, 账单不对,
        账单有问题, 账单金额不对, 账单金额错, 发票错, 发票又错, 发票开错, 发票有误, 发票不对, 发票金额不对, 发票金额错, 多扣, 重复扣, 扣错, 扣款错误, 收费错误, 乱收费, 数据错, 数据出错, 数据不对, 数据有误, 信息错误,
        信息有误, 对不上, 重复联系
    """)),
    "contact": About("nobody looking after them", "无人联系", "relationship", listed("""
        who looks after us, who looks after me, nobody looks after, no one looks after, nobody is looking after, never hear from,
        never heard from, nobody contacts, nobody contacted, no one contacts, no one contacted, nobody calls, no one calls,
        no contact from you, no contact for months, who is our contact, who is our account manager, account manager left,
        account manager has left, contact person left, contact person has left, never visited, forgot about us, 没人联系, 无人联系, 没有人联系,
        谁负责我们, 换了负责人, 负责人又换, 对接人走了, 对接人离职, 对接人又换, 对接人是谁, 没有对接人, 客户经理走了, 客户经理离职, 客户经理是谁, 没人管, 不闻不问
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
            f"{table}_about_{name}_days", recency(day, _mentions("text", about.words)), "days",
            f"days since the customer last wrote about {about.en} in {en}", f"距客户上次在{zh}中提到{about.zh}的天数", about.cause, _SOURCE,
            needs=("text",),
        )
        for name, about in ABOUT.items()
    ]  # fmt: skip


def mentions(column: str, cause: Cause) -> str:
    """SQL: a text complains of what speaks for this cause."""
    return " OR ".join(f"({_mentions(column, about.words)})" for about in ABOUT.values() if about.cause == cause)


def _mentions(column: str, words: Sequence[str]) -> str:
    """SQL: the text holds one of these words; an apostrophe doesn't matter, straight, curly or none."""
    bare = f"replace(replace(lower({column}), '''', ''), '’', '')"
    found = " OR ".join(f"contains({bare}, '{word.replace(chr(39), '')}')" for word in words)
    return f"{column} IS NOT NULL AND ({found})"
