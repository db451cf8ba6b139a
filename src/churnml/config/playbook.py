"""playbook.yaml: which customer is treated how. The shape of it, and its only reader."""

import re
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, field_validator, model_validator

from churnml.config.read import in_one_line, read_yaml
from churnml.config.said import Said, plain_text
from churnml.config.section import Section, once
from churnml.contracts.segments import CAUSES, FOURFOLD, LAYERS, STAGES
from churnml.errors import ParamsError, did_you_mean
from churnml.language import Words

CHANNELS: Words = {
    "phone": ("phone", "电话"),
    "visit": ("visit", "上门拜访"),
    "chat_group": ("chat group", "企业微信群"),
    "message": ("message", "企业微信/短信"),
    "mail": ("mail", "邮件"),
    "app": ("app", "App 推送"),
    "coupon": ("coupon", "优惠券"),
    "survey": ("survey", "问卷"),
}

ROLES: Words = {
    "account_manager": ("account manager", "客户经理"),
    "team_lead": ("team lead", "团队主管"),
    "service": ("service", "客服"),
    "sales": ("sales", "销售"),
    "product": ("product", "产品"),
    "marketing": ("marketing", "市场"),
    "finance": ("finance", "财务"),
    "automatic": ("automatic", "系统自动"),
}
"""Who does it; all but `automatic` are people."""

PRICE_CAUSES = ("competitor",)
"""Where price is the cause, and an offer helps."""

MOST_PLAYS = 500
LONGEST_MESSAGE = 600

_WHEN: Mapping[str, Words] = {"layer": LAYERS, "cause": CAUSES, "group": FOURFOLD, "stage": STAGES}


def _in_one_line(text: str) -> str:
    """Cells of lists are one line; what nobody can read is refused."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in text):
        raise ValueError("holds characters that nobody can read; write it again")
    if not text.strip():
        raise ValueError("is empty; say something, or take the play out")
    return " ".join(text.split())


_Line = Annotated[str, BeforeValidator(plain_text), Field(max_length=120), AfterValidator(_in_one_line)]
_Text = Annotated[str, BeforeValidator(plain_text), Field(max_length=1000), AfterValidator(_in_one_line)]


class When(Section):
    """Which customers a play is for: those who meet all that is said. What isn't said doesn't matter.

    Attributes:
        tier: names of tiers in params.yaml.
        contacted: whether the tier is one that is called; instead of naming tiers.
        first: whether the tier is the first one, the most urgent; instead of naming tiers.
        layer: A or B.
        cause: of the risk, or `none`.
        group: one of the four, or `regular`.
        stage: of the customer's life.
    """

    tier: tuple[str, ...] | None = None
    contacted: bool | None = None
    first: bool | None = None
    layer: tuple[str, ...] | None = None
    cause: tuple[str, ...] | None = None
    group: tuple[str, ...] | None = None
    stage: tuple[str, ...] | None = None

    @field_validator("tier", *_WHEN, mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("tier", *_WHEN)
    @classmethod
    def _something(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and not value:
            raise ValueError("an empty list fits nobody; name some, or leave the key out")
        return value if value is None else once(value)

    @model_validator(mode="after")
    def _known_words(self) -> Self:
        for name, words in _WHEN.items():
            for word in getattr(self, name) or ():
                _known(name, word, words)
        for name in ("contacted", "first"):
            if self.tier and getattr(self, name) is not None:
                raise ValueError(f"tier and {name} say the same in two ways; keep one of them")
        return self


class Line(Said):
    """A text of one short line."""

    en: _Line
    zh: _Line = Field(alias="zh-CN")


class Script(Said):
    """What a caller says, or what is sent."""

    en: _Text
    zh: _Text = Field(alias="zh-CN")


class Play(Section):
    """What is done with some customers.

    Attributes:
        name: in small letters; it tells plays apart when their effects are counted.
        when: which customers; absent: all that no earlier play took.
        action: what to do, in a line.
        channel: by which way.
        by: which role does it.
        due_days: days after the day of the list by which it is done.
        offer: whether something is given away, such as a discount; only where price is the cause.
        script: what to say.
    """

    name: str
    when: When = When()
    action: Line
    channel: str
    by: str
    due_days: Annotated[int, Field(ge=1, le=90, strict=True)]
    offer: bool = False
    script: Script

    @field_validator("name")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", value):
            raise ValueError("expected a short name in small letters, such as call_at_risk")
        return value

    @field_validator("channel")
    @classmethod
    def _known_channel(cls, value: str) -> str:
        return _known("channel", value, CHANNELS)

    @field_validator("by")
    @classmethod
    def _known_role(cls, value: str) -> str:
        return _known("role", value, ROLES)

    @model_validator(mode="after")
    def _offers_for_price_alone(self) -> Self:
        gives = self.offer or self.channel == "coupon"
        if gives and not set(self.when.cause or CAUSES) <= set(PRICE_CAUSES):
            what = "offer" if self.offer else "channel coupon"
            raise ValueError(
                f"'{self.name}': {what} where price isn't the cause only makes customers cheaper; say cause: "
                f"[{', '.join(PRICE_CAUSES)}] in when, or give nothing away"
            )
        return self


class Playbook(Section):
    """All plays; the first one that fits a customer is the customer's."""

    plays: tuple[Play, ...]

    @field_validator("plays")
    @classmethod
    def _some_with_names_of_their_own(cls, value: tuple[Play, ...]) -> tuple[Play, ...]:
        if not 0 < len(value) <= MOST_PLAYS:
            raise ValueError(f"expected 1 to {MOST_PLAYS} plays, found {len(value)}")
        once(tuple(play.name for play in value))
        return value


def _known(what: str, word: str, words: Words) -> str:
    if word not in words:
        raise ValueError(f"no {what} '{word[:60]}'{did_you_mean(word[:60], list(words))} ({', '.join(words)})")
    return word


_MISSING = "it is to lie beside params.yaml"


def read_playbook(path: Path) -> Playbook:
    """Read and check playbook.yaml; the one that churnml comes with where there is none.

    Raises:
        ParamsError: the file can't be read, isn't YAML, or a key or value is wrong; one line says which and what to do.
    """
    if not path.exists():
        return starter_playbook()
    return playbook_of(read_yaml(path, _MISSING), path)


def playbook_of(raw: object, path: Path) -> Playbook:
    """Check what was read.

    Raises:
        ParamsError: as `read_playbook`.
    """
    if not isinstance(raw, dict):
        raise ParamsError(f"{path}: expected plays, as a list below `plays:`, found none")
    try:
        return Playbook.model_validate(raw)
    except ValidationError as error:
        said = re.sub(r"\bplays\.(\d+)\.?", lambda place: _place(raw, int(place[1])), in_one_line(error, Playbook))
        raise ParamsError(f"{path}: {_readable(said)}") from error
    except UnicodeEncodeError as error:
        raise ParamsError(f"{path}: holds half of a character; write it again") from error


def _readable(said: str) -> str:
    """A message in one line, whatever keys and values it quotes."""
    line = " ".join(said.encode(errors="replace").decode().split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} …"


def _place(raw: Mapping[str, Any], number: int) -> str:
    """Which play, as people count and call them."""
    play = raw["plays"][number]
    name = play.get("name") if isinstance(play, dict) else None
    return f"play {number + 1}{f' ({name[:60]})' if isinstance(name, str) and name.isprintable() else ''} "


def starter_playbook() -> Playbook:
    """The playbook that churnml comes with."""
    starter = files("churnml.config") / "starter" / "playbook.yaml"
    return playbook_of(read_yaml(Path(str(starter)), _MISSING), Path("playbook.yaml"))
