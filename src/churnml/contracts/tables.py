"""The canonical tables. Names of columns are the contract; exports are mapped to them in params.yaml."""

from churnml.contracts.columns import CURRENT, Column, Table

CUSTOMER = Column("customer_id", "text", "the customer; always text, so that leading zeros and long ids survive", True)

CUSTOMERS = Table(
    name="customers",
    grain="customer",
    key=("customer_id",),
    alive=None,
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

ACTIVITY = Table(
    name="activity",
    grain="thing that a customer did",
    time="occurred_at",
    columns=(
        CUSTOMER,
        Column("occurred_at", "time", "when it was done", True),
        Column("event", "text", "what was done: login, visit, use of a feature, change of contact data …", True),
        Column("feature", "text", "the feature or page that was used"),
        Column("quantity", "number", "how often or how much"),
    ),
)

TICKETS = Table(
    name="tickets",
    grain="ticket",
    time="opened_at",
    key=("ticket_id",),
    # A row is written when the ticket is opened and filled in later: what comes later is known when it came.
    columns=(
        CUSTOMER,
        Column("opened_at", "time", "when the customer opened the ticket", True),
        Column("ticket_id", "text", "the ticket's number; two different rows of one number contradict each other"),
        Column("first_response_at", "time", "when we first answered", known="first_response_at"),
        Column("resolved_at", "time", "when the ticket was closed; empty while it is open", known="resolved_at"),
        Column("kind", "text", "complaint, question …"),
        Column("priority", "text", "how urgent it was when it was opened"),
        # The rating has no time of its own. Nobody rates a handling before its end, so it can't have been known before.
        Column("satisfaction", "number", "how the customer rated the handling", known="resolved_at"),
        Column("text", "text", "what the customer wrote when opening it; may hold anything private"),
    ),
)

SURVEYS = Table(
    name="surveys",
    grain="answer to a survey",
    time="answered_at",
    columns=(
        CUSTOMER,
        Column("answered_at", "time", "when the customer answered", True),
        Column("score", "number", "the answer, on the survey's own scale", True),
        Column("kind", "text", "nps, csat …"),
        Column("text", "text", "what the customer wrote; may hold anything private"),
    ),
)

SUBSCRIPTIONS = Table(
    name="subscriptions",
    grain="contract",
    time="started_at",
    key=("subscription_id",),
    lasting=True,
    # A row is written when the contract starts and closed when it ends. An export shows the renewal as it is set today
    # and not what it was on earlier days: it has no history.
    columns=(
        CUSTOMER,
        Column("started_at", "time", "when the contract started", True),
        Column(
            "subscription_id", "text", "the contract's number; two different rows of one number contradict each other"
        ),
        Column("ended_at", "time", "when the contract ended; empty while it runs", known="ended_at"),
        Column("plan", "text", "plan that the contract started with"),
        Column("monthly_amount", "amount", "money per month that the contract started with"),
        Column("auto_renew", "text", "whether it renews by itself as of today, as exported: yes, no …", known=CURRENT),
        Column("renews_at", "time", "when it renews next as of today", known=CURRENT),
        Column("cancel_reason", "text", "why the contract ended", known="ended_at"),
    ),
)

CANCELLATIONS = Table(
    name="cancellations",
    grain="cancellation",
    time="cancelled_at",
    lasting=True,
    # Who cancels is still there to say so; counted as life, it would say of those who leave that they stayed.
    alive=None,
    columns=(
        CUSTOMER,
        Column("cancelled_at", "time", "when the customer cancelled, not when the contract ends", True),
        Column("reason", "text", "why, as it was recorded then"),
        Column("text", "text", "what the customer wrote; may hold anything private"),
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

TABLES = {
    table.name: table
    for table in (CUSTOMERS, TRANSACTIONS, ACTIVITY, TICKETS, SURVEYS, SUBSCRIPTIONS, CANCELLATIONS, CONTACTS)
}
