"""The canonical tables. Names of columns are the contract; exports are mapped to them in params.yaml."""

from churnml.contracts.columns import CURRENT, Column, Table

CUSTOMER = Column("customer_id", "text", "the customer; always text, so that leading zeros and long ids survive", True)

CUSTOMERS = Table(
    name="customers",
    grain="customer",
    key=("customer_id",),
    open=True,
    columns=(
        CUSTOMER,
        Column("signed_up_at", "time", "when the customer signed up", known="signed_up_at"),
        Column("owner", "text", "who looks after the customer today", known=CURRENT),
        Column("segment", "text", "segment today", known=CURRENT),
        Column("region", "text", "region today", known=CURRENT),
        Column("plan", "text", "plan today", known=CURRENT),
    ),
)

TRANSACTIONS = Table(
    name="transactions",
    grain="order line or order",
    time="occurred_at",
    # A basket paid with coupons is a purchase of 0; a refund is negative and never shows that somebody is alive.
    alive="amount >= 0",
    columns=(
        CUSTOMER,
        Column("occurred_at", "time", "when it was bought or refunded", True),
        Column("amount", "amount", "money paid; refunds are negative", True),
        Column("order_id", "text", "the order or basket that the line belongs to"),
        Column("product", "text", "what was bought"),
        Column("category", "text", "category of the product"),
        Column("channel", "text", "shop, store or channel"),
        Column("quantity", "number", "items"),
        Column("discount", "amount", "money taken off the price"),
    ),
)

CONTACTS = Table(
    name="contacts",
    grain="contact of a customer by us",
    time="contacted_at",
    columns=(
        CUSTOMER,
        Column("contacted_at", "time", "when we contacted the customer", True),
        Column("action", "text", "what we did", True),
        Column("channel", "text", "by which channel"),
        Column("arm", "text", "treated or holdout"),
        Column("list_id", "text", "the list or campaign behind the contact"),
        Column("answered_at", "time", "when the customer answered", known="answered_at"),
        Column("answer", "text", "what the customer answered", known="answered_at"),
    ),
)

TABLES = {table.name: table for table in (CUSTOMERS, TRANSACTIONS, CONTACTS)}
