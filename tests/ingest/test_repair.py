"""Text that was garbled on the way is put right where there is no doubt, and each repair is counted."""

from churnml.ingest.repair import Repair
from intake import Shop, customers


def test_names_are_repaired_and_counted(shop: Shop) -> None:
    """HTML's names of characters, what nobody sees, letters and digits in full width; emoji and punctuation stay."""
    shop.write(
        "customers.csv",
        "id,joined,name\n1,2024-01-01,Smith &amp; Sons\n2,2024-01-01,\u200bAnn\ufeff\n3,2024-01-01,ＶＩＰ１，好\n"
        "4,2024-01-01,👩\u200d👧 &lt;3&nbsp;\n5,2024-01-01,A&B; R&D\n",
    )
    [profile] = shop.ingest(customers(), share=0.0)
    assert shop.column("name", "customers") == ["Smith & Sons", "Ann", "VIP1，好", "👩\u200d👧 <3", "A&B; R&D"]
    assert profile.repairs == [
        Repair("full_width", "name", 1), Repair("html_entities", "name", 2), Repair("invisible_characters", "name", 1),
    ]  # fmt: skip
    assert "  2 x html_entities repaired in column 'name'" in profile.lines("en")


def test_ids_numbers_and_times_are_repaired(shop: Shop) -> None:
    """A customer typed in full width is the same customer; marks of direction, pasted from a list of files, are none."""
    shop.write(
        "transactions.csv",
        "id,when,paid\n０07,\u200e2024\u200e-01-02,1&nbsp;234.50\n007,2024-01-01,\u200b5\n",
    )
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == ["007", "007"]
    assert [float(amount) for amount in shop.column("amount")] == [5, 1234.5]


def test_of_private_columns_only_the_number_is_told(shop: Shop) -> None:
    """No cell is shown of what was repaired."""
    shop.write("customers.csv", "id,joined,phone\n1,2024-01-01,１３８\n")
    [profile] = shop.ingest(customers(), pii=("phone",))
    assert profile.lines("en")[1:] == ["  1 x full_width repaired in column 'phone'"]
