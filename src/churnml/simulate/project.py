"""params.yaml of a simulated company: its exports can be run at once, or taken as an example of a mapping."""

from collections.abc import Mapping, Sequence

from churnml.simulate.export import Format
from churnml.simulate.systems import SYSTEMS, System
from churnml.simulate.words import Locale
from churnml.simulate.world import World

TIMEZONES: Mapping[Locale, str] = {"en": "UTC", "zh-CN": "Asia/Shanghai"}
_SHORT_DAYS = 400
_ISO = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"}


def params_yaml(
    world: World, customers: int, files: Sequence[str], headers: Mapping[str, Sequence[str]], *, name: str,
    locale: Locale, format: Format, dirty: bool,
) -> str:  # fmt: skip
    """The text of params.yaml.

    Args:
        world: it decides what leaving means and how far back features look.
        customers: how many there are; the capacity of the team grows with them.
        files: that were written, relative to the exports.
        headers: of each system's files.
        name: of the project.
        locale: of the exports.
        format: of the exports.
        dirty: whether rows will be set aside.
    """
    written = [system for system in SYSTEMS if any(_is_of(file, system) for file in files)]
    sources = "".join(_source(system, headers[system.name], locale, format) for system in written)
    short = world.days < _SHORT_DAYS
    history = 84 if short else 224
    windows = [days for days in (7, 14, 28, 56, 112) if days <= history]
    private = [header for system in written for header in _private(system, headers[system.name])]
    return f"""\
# A simulated company: {world.kind}, {customers:,} customers, {world.weeks} weeks. What each key means is said in the params.yaml
# that churnml comes with. The truth lies in truth/ and is no export.

project: {{name: {name}, timezone: {TIMEZONES[locale]}, locale: {locale}, currency: {"USD" if locale == "en" else "CNY"}}}

exports: data/raw

sources:
{sources}
ingest: {{max_quarantine_share: {0.05 if dirty else 0.0}}}

churn:
{_churn(world.kind, short)}
panel: {{step_days: 28, test: {1 if short else 2}, min_history_days: {56 if short else 112}}}

features:
  windows_days: {windows}
  history_days: {history}
  families: auto
  preset: full
  profile: {_profile(world.kind)}
  leave_out: []
  engine: duckdb
  memory_limit: 4GB

train:
  seed: 7
  threads: 2
  rounds: 300
  trials: 0
  minutes: 20
  min_cutoffs: {1 if short else 3}
  bootstrap: 300
  params:
    learning_rate: 0.03
    num_leaves: 8
    min_child_samples: 100
    feature_fraction: 0.5
    bagging_fraction: 0.7
    bagging_freq: 1
    lambda_l2: 10.0

calibrate:
  method: auto
  base_rate: auto
  profit: {{contact_cost: 1.0, offer_cost: 10.0, alpha: 6.0, beta: 14.0}}
  order: expected_loss
  hysteresis: 1.0
  tiers:
    - {{name: high, capacity: {max(10, customers // 50)}}}
    - {{name: medium, share: 0.2}}
    - {{name: low}}

score:
  value: {{model: recent_spend, margin: 0.25, horizon_days: 365}}
  reasons: 3
  holdout: {{share: 0.1, salt: churnml}}
  csv_ids: excel
  keep: [{", ".join([*private, "owner", "region"])}]
  pii: [{", ".join(private)}]

track: {{uri: "sqlite:///mlflow.db", experiment: churnml}}
"""


def _profile(kind: str) -> str:
    """Whether a customer has an owner never changes in a simulated world; who it is would be a name to learn by heart."""
    return "{owner: filled}" if kind == "saas" else "auto"


def _churn(kind: str, short: bool) -> str:
    """A company that lives on contracts alone is left by cancelling; elsewhere silence says it."""
    # Whole months of four weeks, at whose boundaries a shuffled world deals anew.
    horizon = 28 if short else 56
    if kind == "saas":
        return f"""\
  definition: cancellation    # a notice, or the last contract ended and none began
  events: [activity]          # what tells up to which day the exports reach
  horizon_days: {horizon}
"""
    return f"""\
  definition: inactivity
  events: [transactions]      # orders in the shop, invoices of contracts
  horizon_days: {horizon}
  active_within_days: {2 * horizon}
"""


def _source(system: System, headers: Sequence[str], locale: Locale, format: Format) -> str:
    shape = system.shape(locale)
    field_of = dict(zip(shape.headers, system.fields, strict=True))
    mapped = {field_of[header]: header for header in headers if field_of[header] not in system.unmapped}
    columns = ", ".join(f"{field}: {header}" for field, header in mapped.items())
    path = f"{system.folder}/{system.file}{'_*' if system.monthly else ''}.{format}"
    lines = [f"  - table: {system.feeds}", f"    path: {path}", f"    columns: {{{columns}}}"]
    if format == "csv":
        if shape.delimiter != ",":
            lines.append(f'    delimiter: "{shape.delimiter.replace(chr(9), chr(92) + "t")}"')
        if shape.times not in _ISO:
            lines.append(f'    date_format: "{shape.times}"')
    elif shape.utc:  # cells of a workbook can't say so themselves
        lines.append("    timezone: UTC")
    return "\n".join(lines) + "\n"


def _is_of(file: str, system: System) -> bool:
    return file.startswith(f"{system.folder}/{system.file}")


def _private(system: System, headers: Sequence[str]) -> list[str]:
    shape = system.shape("en").headers, system.shape("zh-CN").headers
    hidden = {names[system.fields.index(field)] for names in shape for field in system.private}
    return [header for header in headers if header in hidden]
