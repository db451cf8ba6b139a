"""Names that other sections of params give to columns of the customers table."""

from collections.abc import Mapping, Sequence

from churnml.config import Source
from churnml.contracts.tables import TABLES
from churnml.errors import DataError, did_you_mean

_PII = "score.pii"


def private_headers(pii: Sequence[str], sources: Sequence[Source]) -> list[str]:
    """Every header that a private name stands for.

    Args:
        pii: canonical columns, attributes, or headers that a canonical column is mapped from.
        sources: their mappings; a canonical column that is private once is private in all of them.
    """
    wanted = set(pii)
    private = {
        column
        for source in sources
        for column, header in source.columns.items()
        if wanted & {column, header, *_day(source, column)}
    }
    headers = {header for source in sources for column, header in source.columns.items() if column in private}
    return sorted(wanted | headers)


def require_columns(named: Mapping[str, Sequence[str]], columns: Sequence[str], sources: Sequence[Source]) -> None:
    """Each name is a column of the customers table; a private one may also be a mapped header of any table.

    Args:
        named: key of params -> names given there.
        columns: of the customers table.
        sources: all of them.

    Raises:
        DataError: one isn't.
    """
    origin = {header: column for source in sources for column, header in source.columns.items()}
    for key, names in named.items():
        known = {*columns, *origin, *origin.values()} if key == _PII else set(columns)
        for name in names:
            if name not in known:
                meant = origin.get(name)
                hint = f"; did you mean '{meant}'?" if meant in columns else did_you_mean(name, sorted(known))
                raise DataError(
                    f"{key}: the customers table has no column '{name}'{hint}; "
                    f"correct the name, map the column, or remove it"
                )


def _day(source: Source, column: str) -> list[str]:
    contract = TABLES[source.table].column(column)
    return [contract.day] if contract and contract.kind == "time" else []
