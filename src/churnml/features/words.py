"""Words by which cells say the same thing in any system: event names, kinds of tickets and surveys, in both languages.

They are compared without regard to case, spaces, hyphens and underscores: `Log-in`, `log_in` and `LOGIN` are one word.
Further names of a system are mapped in its export.
"""

from churnml.contracts.columns import text


def listed(text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in text.split(","))


LOGIN = listed("login, logged in, signin, signed in, logon, 登录, 登陆, 登入, 用户登录")
KEY_CONTACT_CHANGED = listed("""
    key contact changed, key contact change, key contact left, contact changed, contact change, decision maker changed,
    decision maker left, 关键联系人变动, 关键联系人变更, 关键联系人离职, 联系人变动, 联系人变更, 决策人变动, 决策人变更
""")
PAYMENT_LATE = listed("""
    payment overdue, overdue, late payment, payment late, invoice overdue, payment failed, 付款逾期, 逾期, 延期付款, 逾期付款,
    付款延期, 欠费, 扣款失败
""")
AUTO_RENEW_OFF = listed("""
    auto renew off, auto renewal off, auto renew disabled, auto renewal disabled, auto renew cancelled,
    auto renewal cancelled, renewal off, 关闭自动续费, 自动续费关闭, 取消自动续费
""")
CANCEL_ASKED = listed("""
    cancel page viewed, cancel page, cancellation page viewed, cancel asked, cancellation asked, cancellation inquiry,
    cancellation enquiry, 查看退订页面, 咨询退订, 退订咨询, 咨询取消
""")
MAIL_OFF = listed("""
    newsletter off, newsletter cancelled, newsletter unsubscribed, unsubscribe newsletter,
    email unsubscribed, email unsubscribe, mail off, email off, email opt out, opt out, opted out, sms opt out, notifications off,
    退订邮件, 退订短信, 邮件退订, 短信退订, 退订资讯, 取消邮件订阅, 关闭通知, 关闭推送
""")

COMPLAINT = listed("complaint, complaints, claim, 投诉, 客诉, 客户投诉, 投诉工单")
URGENT = listed("""
    high, urgent, critical, highest, emergency, blocker, p0, p1, 高, 紧急, 特急, 加急, 非常紧急, 最高, 高优先级
""")
NPS = listed("nps, net promoter score, net promoter, 净推荐值, 净推荐, 推荐意愿, nps调查")
VISITED = listed("""
    visit, visited, site visit, on site visit, onsite visit, customer visit, leader visit, meeting, 拜访, 上门, 上门拜访, 回访拜访, 现场拜访,
    客户拜访, 走访, 高层拜访
""")
HOLDOUT = listed("holdout, hold out, control, control group, 对照, 对照组")


_LONG = 30


def says(column: str, words: tuple[str, ...]) -> str:
    """SQL: the cell is one of these words; FALSE where it is empty.

    DuckDB looks a few words up fastest in one text, and many by IN, which it turns into a join of all rows.

    >>> print(says("kind", ("nps", "net promoter")))
    coalesce(contains('|nps|netpromoter|', '|' || replace(replace(replace(replace(lower(kind), ' ', ''), '_', ''), '-', ''), '|', '?') || '|'), FALSE)
    """
    known = dict.fromkeys(word.replace(" ", "") for word in words)
    bare = f"lower({column})"
    for mark, instead in ((" ", ""), ("_", ""), ("-", ""), ("|", "?")):
        bare = f"replace({bare}, '{mark}', '{instead}')"
    if len(known) > _LONG:
        return f"coalesce({bare} IN ({', '.join(text(word) for word in known)}), FALSE)"
    return f"coalesce(contains('|{'|'.join(known)}|', '|' || {bare} || '|'), FALSE)"
