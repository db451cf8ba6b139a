"""What customers write about: five tickets and three answers of ann before 2024-03-01, and plain sentences of others."""

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import shelf
from churnml.features.satisfaction import satisfaction
from churnml.features.service import service
from churnml.features.voice import ABOUT
from churnml.simulate.words import words

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
TICKETS = """
    customer_id  opened_at   text
    ann          2024-01-01  Still_no_reply_from_you
    ann          2024-02-01  nobody_answers,_and_I_was_OVERCHARGED
    ann          2024-02-10  太贵了
    ann          2024-02-20  How_do_I_change_my_address?
    ann          2024-02-29  -
    ann          2024-03-01  Who_looks_after_us?
    bob          2024-02-29  -
"""
ANSWERS = """
    customer_id  answered_at  score  text
    ann          2024-01-15   3      等了好几天
    ann          2024-02-05   3      We_hardly_use_it
    ann          2024-02-25   5      All_fine
    ann          2024-03-01   1      Too_expensive
"""
SAID = {
    "ticket_about_waiting_days": 29,
    "ticket_about_use_days": None,
    "ticket_about_price_days": 20,
    "ticket_about_bills_days": 29,
    "ticket_about_contact_days": None,
    "survey_about_waiting_days": 46,
    "survey_about_use_days": 25,
    "survey_about_price_days": None,
    "survey_about_bills_days": None,
    "survey_about_contact_days": None,
}
COMPLAINTS = {
    "waiting": """
        Nobody answers my mails
        Still no reply from support
        I have been waiting for an answer for two weeks
        It takes too long until somebody helps
        等了三天没有回复
        回复太慢了
        你们的服务态度太差
        没人回复我的工单
    """,
    "use": """
        We don't use it any more
        We don’t use it any more
        We dont use it any more
        WE DON'T USE IT ANY MORE
        Doesn't do much for us
        doesnt do much for us
        We no longer need it
        It is not worth the money
        我们不需要了
        用不上
        几乎不用了
    """,
    "price": """
        It's TOO EXPENSIVE
        We got a better offer
        Your competitor sells it for a lower price
        We think about switching to another provider
        价格太高
        性价比不高
        别家更便宜
        打算换一家供应商
    """,
    "bills": """
        Wrong invoice again
        There is an error in my invoice
        I was charged twice
        the data were wrong
        账单又错了
        发票金额不对
        多扣了我的钱
        数据不对
    """,
    "contact": """
        Who looks after us now?
        Our account manager left
        Nobody contacts us
        现在由谁负责我们？
        没人联系我们
        从来没人管
    """,
}
EVERYDAY = """
    How do I change my address?
    Is it possible to add a second user?
    The ability to export is great
    Where can I find my invoice?
    I would like to update my billing address
    How do I switch to the pro plan?
    I'm looking for lessons on reports
    Great product, not expensive at all
    Surprisingly inexpensive
    No reply needed, thanks!
    Please get back to me when you can
    You don't need to call me
    I don't use Windows, is there a Mac version?
    We have a new contact person: Jane Smith
    It was worth waiting for
    I am waiting for the parcel that should come on Friday
    Can I pick up my order in another shop?
    Contactless delivery please, no contact
    I called twice and got a friendly answer both times
    The cheaper plan is enough for us
    Anna looks after us very well
    Thank you for the quick response
    The yearly plan is a better deal, I take it
    We will switch to another plan next year
    I rarely use mail, please call
    I hardly used the coupon, is it still valid?
    Too complicated to explain here, call me
    I use another provider for mail, can I connect it?
    My siblings use it, too
    Works well
    怎么修改地址？
    不用了，谢谢
    一直没有问题，很好
    请开发票
    怎么查看账单
    性价比很高
    优惠力度很大，喜欢
    服务态度很好，回复很快
    用不到五分钟就装好了
    不需要发票
    和同行的朋友一起用
    另一家分店也很好
    值不值得升级？
    加载太慢
    等了解清楚再说
    对接人很专业
    比以前更便宜，很好
    运费由谁负责？
    想升级到年度套餐
    我很少用微信，请打电话
    等了几分钟就有人接了，不错
"""


@pytest.fixture
def told(tmp_path, engine):
    """Called with tables, words of a text joined by underscores: what the snapshots at 2024-03-01 say of texts, by customer."""

    def snapshots(**tables):
        folder = shelf.write_tables(tmp_path / "tables", {"transactions": BOUGHT, **tables})
        for name in tables:
            rows = pq.read_table(folder / f"{name}.parquet")
            if "text" in rows.schema.names:
                spaced = pc.replace_substring(rows["text"], "_", " ")
                rows = rows.set_column(rows.schema.get_field_index("text"), "text", spaced)
                pq.write_table(rows, folder / f"{name}.parquet")
        people = shelf.snapshots(folder, engine)
        return {who: {name: days for name, days in row.items() if "_about_" in name} for who, row in people.items()}

    return snapshots


def sentences(text):
    return [line.strip() for line in text.strip().splitlines()]


def understood(told, written):
    """What each of some sentences is about, each written in a ticket of a customer of its own."""
    numbered = [(f"c{number}", sentence.replace(" ", "_")) for number, sentence in enumerate(written)]
    bought = "\n".join(f"{who} 2024-01-15 10" for who, _ in numbered)
    tickets = "\n".join(f"{who} 2024-02-20 {sentence}" for who, sentence in numbered)
    people = told(
        transactions=f"customer_id occurred_at amount\n{bought}", tickets=f"customer_id opened_at text\n{tickets}"
    )
    found = [{about for about in ABOUT if people[who][f"ticket_about_{about}_days"] is not None} for who, _ in numbered]
    return dict(zip(written, found, strict=True))


def test_every_entry_by_hand(told):
    """The last time of each; what was written on as_of isn't known; one text may be about two things."""
    assert told(tickets=TICKETS, surveys=ANSWERS)["ann"] == SAID


def test_who_wrote_nothing(told):
    """Bob's ticket has no text, and he never answered a survey: unknown, not long ago."""
    assert told(tickets=TICKETS, surveys=ANSWERS)["bob"] == dict.fromkeys(SAID)


def test_without_texts_there_are_no_entries(told):
    """Tickets that are exported without what the customer wrote say nothing of it."""
    assert told(tickets="customer_id opened_at\nann 2024-02-20")["ann"] == {}
    for family in (service((7, 28), ["kind"]), satisfaction((7, 28), ["kind"])):
        assert [feature.name for feature in family.features if "_about_" in feature.name] == []


def test_complaints_are_understood(told):
    """In both languages, in capitals, and with any apostrophe or none; each is about one thing."""
    written = {sentence: {about} for about, text in COMPLAINTS.items() for sentence in sentences(text)}
    assert understood(told, written) == written


def test_everyday_sentences_are_no_complaints(told):
    """Questions, thanks and praise that hold parts of the words."""
    assert understood(told, sentences(EVERYDAY)) == {sentence: set() for sentence in sentences(EVERYDAY)}


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("where", ["ticket_text", "survey_text"])
def test_simulated_customers_are_understood(told, where, locale):
    """They write about one thing for each cause family, and about nothing at last."""
    written = words(where, locale)
    expected = [{about} for about in ("waiting", "use", "price", "bills", "contact")] + [set()]
    assert list(understood(told, written).values()) == expected


def test_words_are_found_as_they_are_looked_for():
    """Texts are compared in lower case, and no word holds another one: that would be found anyway."""
    for about in ABOUT.values():
        assert [word for word in about.words if word != word.lower().strip() or not word] == []
        assert [(word, other) for word in about.words for other in about.words if word != other and word in other] == []


def test_nothing_is_about_two_things():
    """A word gives one cause away."""
    every = [word for about in ABOUT.values() for word in about.words]
    assert len(set(every)) == len(every)
