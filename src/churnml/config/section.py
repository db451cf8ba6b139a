"""What all sections of params.yaml have in common."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

Days = Annotated[int, Field(gt=0, le=3660)]
Cutoff = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A section of params.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _nothing_means_the_default(cls, value: Any) -> Any:
        """A key with nothing behind it is as good as none, where the key has a default."""
        if not isinstance(value, dict):
            return value
        fields = cls.model_fields
        return {
            key: given
            for key, given in value.items()
            if given is not None or key not in fields or fields[key].is_required()
        }


def once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list that says a name twice.

    Raises:
        ValueError: naming it.
    """
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"'{twice[0]}' is listed twice")
    return names
