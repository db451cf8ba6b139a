"""The business systems: which one holds which rows, under which headers, in which shape its exports come."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnml.simulate.words import Locale


@dataclass(frozen=True)
class Shape:
    """How a system writes a CSV.

    Attributes:
        headers: one per field.
        times: strftime format of moments.
        encoding: of the file.
        delimiter: between cells.
        utc: whether moments are written in UTC instead of local time.
    """

    headers: Sequence[str]
    times: str = "%Y-%m-%d %H:%M:%S"
    encoding: str = "utf-8"
    delimiter: str = ","
    utc: bool = False


@dataclass(frozen=True)
class System:
    """One export of one system.

    Attributes:
        name: of what it holds, as in `tables.TABLES`.
        feeds: the canonical table.
        folder: the system.
        file: name without month and suffix.
        monthly: one file per month, or one for all.
        fields: columns that are exported, in order; those that the contract doesn't know are exported, too.
        unmapped: fields that the contract has no column for.
        en, zh: shapes.
        private: fields that only lists may show.
    """

    name: str
    feeds: str
    folder: str
    file: str
    monthly: bool
    fields: Sequence[str]
    en: Shape
    zh: Shape
    unmapped: Sequence[str] = ()
    private: Sequence[str] = ()

    def shape(self, locale: Locale) -> Shape:
        """How it writes in a language."""
        return self.en if locale == "en" else self.zh

    def headers(self, locale: Locale, fields: Sequence[str]) -> list[str]:
        """The headers of these fields."""
        by_field = dict(zip(self.fields, self.shape(locale).headers, strict=True))
        return [by_field[field] for field in fields]

    @property
    def time(self) -> str:
        """The field that says when a row happened: the first moment."""
        return next(field for field in self.fields if field.endswith("_at"))


_SOLD = (
    "order_id",
    "line",
    "customer_id",
    "occurred_at",
    "channel",
    "category",
    "product",
    "quantity",
    "discount",
    "amount",
)

SYSTEMS = (
    System(
        "customers", "customers", "crm", "customers", False,
        ("customer_id", "name", "phone", "email", "signed_up_at", "owner", "segment", "region", "source", "plan", "status"),
        Shape(("Customer No", "Name", "Phone", "Email", "Signed up", "Account owner", "Type", "Area", "Found us by", "Current plan", "Account status")),
        Shape(("客户编号", "姓名", "手机", "邮箱", "注册时间", "客户经理", "客户类型", "地区", "来源", "当前套餐", "账户状态"), encoding="gb18030"),
        unmapped=("name", "phone", "email", "source", "status"), private=("name", "phone", "email"),
    ),
    System(
        "orders", "transactions", "shop", "orders", True, _SOLD,
        Shape(("Order No", "Line", "Buyer", "Ordered", "Sold in", "Department", "Item", "Qty", "Saved", "Paid")),
        Shape(("订单编号", "行号", "客户编号", "下单时间", "渠道", "品类", "商品", "数量", "优惠金额", "实付金额"), times="%Y/%m/%d %H:%M:%S", encoding="gb18030"),
        unmapped=("line",),
    ),
    System(
        "invoices", "transactions", "billing", "invoices", True, _SOLD,
        Shape(("Invoice", "Position", "Account", "Invoice date", "By", "Group", "Plan", "Months", "Rebate", "Amount"), times="%d/%m/%Y %H:%M"),
        Shape(("账单编号", "序号", "客户编号", "账单日期", "方式", "类别", "套餐编号", "月数", "减免", "金额"), times="%Y/%m/%d %H:%M"),
        unmapped=("line",),
    ),
    System(
        "subscriptions", "subscriptions", "billing", "contracts", False,
        ("subscription_id", "customer_id", "started_at", "ended_at", "plan", "monthly_amount", "auto_renew", "renews_at", "cancel_reason"),
        Shape(("Contract", "Account", "From", "To", "Plan", "Per month", "Renews itself", "Next renewal", "Why ended"), times="%d/%m/%Y %H:%M"),
        Shape(("合同编号", "客户编号", "开始日期", "结束日期", "套餐", "月费", "自动续费", "续费日期", "终止原因"), times="%Y/%m/%d %H:%M"),
    ),
    System(
        "cancellations", "cancellations", "billing", "notices", False, ("customer_id", "cancelled_at", "reason"),
        Shape(("Account", "Notice given", "Reason"), times="%d/%m/%Y %H:%M"),
        Shape(("客户编号", "退订时间", "退订原因"), times="%Y/%m/%d %H:%M"),
    ),
    System(
        "activity", "activity", "app", "events", True, ("customer_id", "occurred_at", "event", "feature", "quantity"),
        Shape(("user_id", "ts", "event_name", "feature", "n"), times="%Y-%m-%dT%H:%M:%SZ", utc=True),
        Shape(("user_id", "ts", "event_name", "feature", "n"), times="%Y-%m-%dT%H:%M:%SZ", utc=True),
    ),
    System(
        "tickets", "tickets", "helpdesk", "tickets", False,
        ("ticket_id", "customer_id", "opened_at", "first_response_at", "resolved_at", "kind", "priority", "satisfaction", "text"),
        Shape(("Ticket", "Requester", "Created", "First reply", "Solved", "Type", "Priority", "Rating", "Subject"), delimiter=";"),
        Shape(("工单号", "客户编号", "创建时间", "首次响应", "解决时间", "类型", "优先级", "评分", "主题")),
    ),
    System(
        "surveys", "surveys", "survey", "answers", False, ("customer_id", "answered_at", "kind", "score", "text"),
        Shape(("Respondent", "Submitted", "Survey", "Score", "Comment"), encoding="utf-8-sig"),
        Shape(("客户编号", "提交时间", "问卷", "得分", "意见"), encoding="utf-8-sig"),
    ),
    System(
        "contacts", "contacts", "outreach", "contacts", False,
        ("customer_id", "contacted_at", "action", "channel", "arm", "list_id", "answered_at", "answer"),
        Shape(("Customer", "Contacted", "Action", "By", "Group", "List", "Replied", "Reply"), delimiter="\t"),
        Shape(("客户编号", "联系时间", "动作", "方式", "分组", "名单", "回复时间", "回复"), encoding="gb18030"),
    ),
)  # fmt: skip
"""What a company has; a system without rows writes no file."""
