"""What tables contradict in each other is told, and nothing is changed for it."""

import pytest

from churnml.config import Dedupe, Source
from intake import HEADER, Shop, contacts, customers, subscriptions, tickets, transactions


def told(profiles) -> dict[str, list[str]]:
    """The findings in words, by table."""
    return {
        profile.table: [finding.line("en") for finding in profile.findings] for profile in profiles if profile.findings
    }


def test_a_company_without_contradictions(shop: Shop) -> None:
    """Nothing is told, also not of the month in which nobody called: it is the last one."""
    shop.write("transactions.csv", HEADER + "1,2024-01-05,5\n1,2024-02-01,5\n")
    shop.write("customers.csv", "id,joined\n1,2024-01-05\n2,\n")
    shop.write("contacts.csv", "id,sent,what\n1,2024-01-09,call\n")
    assert told(shop.ingest(transactions(), customers(), contacts())) == {}


def test_rows_of_unknown_customers_and_before_their_sign_up(shop: Shop) -> None:
    """Customer 3 isn't in the CRM; customer 1 bought a day before the sign-up; of 2's nobody knows."""
    shop.write("transactions.csv", HEADER + "1,2024-01-04,5\n1,2024-01-05,5\n2,2024-01-05,5\n3,2024-01-06,5\n")
    shop.write("customers.csv", "id,joined\n1,2024-01-05\n2,\n")
    assert told(shop.ingest(transactions(), customers())) == {
        "transactions": [
            "1 of 4 rows are of customers that the table customers doesn't hold",
            "1 of 2 rows are older than the sign-up of their customer",
        ]
    }


def test_an_hour_that_was_skipped(shop: Shop) -> None:
    """Half past two on the last Sunday of March: clocks in Berlin showed it never, elsewhere it is a time like others."""
    times = ("2024-03-31 02:30", "2024-03-31 03:30", "2024-03-31 02:30:00Z", "2024-04-01 02:30")
    shop.write("transactions.csv", HEADER + "".join(f"{day},{time},5\n" for day, time in enumerate(times)))
    said = "1 of 4 rows have a time in an hour that clocks skipped; it was taken for the hour after"
    assert told(shop.ingest(timezone="Europe/Berlin")) == {"transactions": [said]}
    assert told(shop.ingest(timezone="Asia/Shanghai")) == {}
    assert told(shop.ingest(transactions(timezone="Europe/Berlin"), timezone="Asia/Shanghai")) == {
        "transactions": [said]
    }


def test_a_month_that_is_missing(shop: Shop) -> None:
    """February and April hold nothing, between months that do."""
    shop.write("transactions.csv", HEADER + "1,2024-01-05,5\n1,2024-03-05,5\n1,2024-05-05,5\n")
    assert told(shop.ingest()) == {"transactions": ["2 of 5 months hold no row; the first is 2024-02"]}


def test_times_in_the_wrong_order(shop: Shop) -> None:
    """A ticket that was closed before it was opened."""
    shop.write(
        "tickets.csv",
        "id,opened,number,closed\n1,2024-01-05,1,2024-01-04\n1,2024-01-05,2,\n1,2024-01-05,3,2024-01-06\n",
    )
    assert told(shop.ingest(tickets())) == {"tickets": ["1 of 2 rows have resolved_at before opened_at"]}


def test_a_flag_and_the_cancellations(shop: Shop) -> None:
    """Ann cancelled and isn't called so; bob is called so and didn't; cat and dan agree, and of eve nothing is said."""
    shop.write("customers.csv", "id,joined,churned\nann,,false\nbob,,true\ncat,,true\ndan,,false\neve,,\n")
    shop.write("cancellations.csv", "id,day\nann,2024-01-01\ncat,2024-01-01\n")
    cancelled = Source(table="cancellations", path="cancel*.csv", columns={"customer_id": "id", "cancelled_at": "day"})
    assert told(shop.ingest(customers(), cancelled)) == {
        "customers": ["2 of 4 customers are called TRUE in 'churned' without a cancellation, or FALSE with one"]
    }


def test_usage_before_the_first_contract(shop: Shop) -> None:
    """One of two days of use lies before the contract."""
    shop.write("usage.csv", "id,day\n1,2024-01-01\n1,2024-01-09\n")
    shop.write("subscriptions.csv", "id,from,number,until\n1,2024-01-05,S1,\n")
    usage = Source(
        table="activity",
        path="usage.csv",
        columns={"customer_id": "id", "occurred_at": "day"},
        constants={"event": "use"},
    )
    assert told(shop.ingest(usage, subscriptions())) == {
        "activity": ["1 of 2 rows are older than the first contract of their customer"]
    }


def test_ids_that_repeat(shop: Shop) -> None:
    """Of 20 payments one number stands in two rows; a column that is shared by many, such as a shop's, tells no rows apart."""
    rows = [f"{number},2024-01-01,{number},{number},{number % 3}" for number in range(20)]
    shop.write("transactions.csv", "id,when,paid,payment_id,shop_id\n" + "\n".join([*rows, "7,2024-01-02,1,7,1"]))
    assert told(shop.ingest()) == {"transactions": ["1 of 20 values of 'payment_id' stand in several rows"]}
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "payment_id"}
    assert told(shop.ingest(transactions(columns=columns))) == {}


def test_orders_that_changed_between_overlapping_files(shop: Shop) -> None:
    """Order B costs another sum in the second file; A is repeated, C has its lines in one file, D is of the second alone."""
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "order"}
    header = "id,when,paid,order\n"
    shop.write(
        "transactions_1.csv", f"{header}1,2024-01-01,1,A\n1,2024-01-01,2,B\n1,2024-01-01,3,C\n1,2024-01-01,4,C\n"
    )
    shop.write("transactions_2.csv", f"{header}1,2024-01-01,1,A\n1,2024-01-01,9,B\n1,2024-01-02,5,D\n")
    differ = "1 of 2 orders that stand in several files differ between them; if the files overlap, say by `dedupe` which row holds"
    assert told(shop.ingest(transactions(columns=columns))) == {"transactions": [differ]}
    held = transactions(columns=columns, dedupe=Dedupe(by=("order_id",)))
    assert [finding.finding for finding in shop.ingest(held)[0].findings] == ["several_in_file"]  # C's lines
    assert shop.column("amount") == [1, 4, 9, 5]


def test_an_order_of_which_money_is_taken_back_later(shop: Shop) -> None:
    """The next month's file holds the refund under the order's number: nothing overlaps, and both rows are kept."""
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "order"}
    shop.write("transactions_1.csv", "id,when,paid,order\n1,2024-01-31,5,A\n")
    shop.write("transactions_2.csv", "id,when,paid,order\n1,2024-02-01,-5,A\n")
    assert told(shop.ingest(transactions(columns=columns))) == {}
    assert shop.column("amount") == [5, -5]


@pytest.mark.parametrize(("numbered", "kept"), [(True, 3), (False, 4)])
def test_overlapping_files_of_which_something_unmapped_changed(shop: Shop, numbered: bool, kept: int) -> None:
    """Order B was shipped in between: its number says that it is one order; without numbers nobody can say that."""
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid"} | ({"order_id": "no"} if numbered else {})
    shop.write("transactions_1.csv", "id,when,paid,no,status\n1,2024-01-01,5,A,sent\n1,2024-01-01,5,B,new\n")
    shop.write("transactions_2.csv", "id,when,paid,no,status,by\n1,2024-01-01,5,B,sent,x\n1,2023-12-31,5,C,new,y\n")
    [profile] = shop.ingest(transactions(columns=columns))
    assert profile.counts == {"rows_in": 4, "kept": kept, "set_aside": 0, "duplicates": 4 - kept}
    assert [finding.finding for finding in profile.findings] == ([] if numbered else ["nearly_repeated"])


def test_lines_of_an_order_that_are_told_apart_by_nothing_mapped(shop: Shop) -> None:
    """Two equal lines of one order stay two, once, however many files hold the order."""
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "no"}
    for month in (1, 2, 3):
        shop.write(f"transactions_{month}.csv", "id,when,paid,no,line\n1,2024-01-01,5,A,1\n1,2024-01-01,5,A,2\n")
    [profile] = shop.ingest(transactions(columns=columns))
    assert (profile.counts["kept"], profile.counts["duplicates"]) == (2, 4)
