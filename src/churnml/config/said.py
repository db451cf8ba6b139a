"""Texts of the files that people write, in the languages of lists."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from churnml.config.section import Section
from churnml.language import Locale

_LANGUAGES = ("en", "zh-CN")


def plain_text(value: Any) -> Any:
    """YAML reads 12 and true as no text; a line break in it is a space."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return " ".join(value.split()) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(plain_text), Field(min_length=1, max_length=500)]


class Said(Section):
    """A text in the languages of lists; where one is missing, the other one is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    en: Text
    zh: Text = Field(alias="zh-CN")

    @model_validator(mode="before")
    @classmethod
    def _one_language_is_enough(cls, value: Any) -> Any:
        plain = plain_text(value)
        if isinstance(plain, str):
            return dict.fromkeys(_LANGUAGES, plain)
        if not isinstance(value, dict):
            raise ValueError("expected text, or {en: …, zh-CN: …}")
        said = {key: text for key, text in value.items() if text is not None}
        there = [said[name] for name in _LANGUAGES if name in said]
        return dict.fromkeys(_LANGUAGES, there[0]) | said if len(there) == 1 else said

    def shown(self, locale: Locale) -> str:
        """What people read."""
        return self.zh if locale == "zh-CN" else self.en
