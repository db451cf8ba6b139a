"""Broken on purpose: one clear line, exit 1 or 2, old outputs untouched."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import worlds
from churnml.cli.app import app
from churnml.contracts.files import House


def refused(house: House, *words: str) -> tuple[int, str]:
    """Run a verb that must be refused: exit code and the one line; nothing in the project may have changed."""
    before = worlds.files_of(house.root)
    result = CliRunner().invoke(app, list(words))
    assert worlds.files_of(house.root) == before
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.exit_code, result.stderr.rstrip("\n")


@pytest.fixture
def house(project: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A finished project, standing in its folder."""
    monkeypatch.chdir(project.root)
    return project


def reworded(house: House, old: str, new: str) -> None:
    text = house.params.read_text()
    assert old in text
    house.params.write_text(text.replace(old, new))


def test_missing_file(house: House) -> None:
    """A source without a file is named, with what is there."""
    (house.root / "data/raw/contacts.csv").unlink()
    assert refused(house, "ingest") == (
        1,
        "error: contacts: no file in data/raw matches 'contacts*.csv'; files there: customers.csv, transactions.csv; "
        "put the export there or change sources[].path",
    )


def test_missing_column(house: House) -> None:
    """A mapped header that the export lacks is named, with the nearest one there."""
    path = house.root / "data/raw/transactions.csv"
    path.write_text(path.read_text().replace("id,when,paid,", "id,when,payed,", 1))
    assert refused(house, "ingest") == (
        1,
        "error: data/raw/transactions.csv: no column 'paid' for transactions.amount; did you mean 'payed'? (columns "
        "there: id, when, payed, basket, items, saved); correct the export or its mapping (sources[].columns)",
    )


def test_misspelt_key(house: House) -> None:
    """An unknown key of params.yaml is a usage error, with the nearest known one."""
    reworded(house, "horizon_days: 28, active", "horizon_day: 28, active")
    assert refused(house, "features") == (
        2,
        "error: params.yaml: churn.horizon_day: unknown key; did you mean 'horizon_days'?; "
        "churn.horizon_days: is missing",
    )


def test_text_in_an_amount(house: House) -> None:
    """Amounts that are no numbers stop the run once they are more than the allowed share."""
    path = house.root / "data/raw/transactions.csv"
    header, *rows = path.read_text().splitlines()
    broken = [",".join([*row.split(",")[:2], "twelve", *row.split(",")[3:]]) for row in rows[:200]]
    path.write_text("\n".join([header, *broken, *rows[200:]]) + "\n")
    code, line = refused(house, "ingest")
    assert code == 1
    assert line == (
        f"error: transactions: 200 of {len(rows):,} rows break the contract, more than ingest.max_quarantine_share "
        "1.0% allows; mostly not_a_number in column 'paid', e.g. transactions.csv row 2, transactions.csv row 3, "
        "transactions.csv row 4 ('twelve'); correct the export or its mapping, or raise the share"
    )


def test_cutoff_that_leaks(house: House) -> None:
    """A training label window that reaches into the test period is refused, with the last cutoff that is allowed."""
    reworded(
        house,
        "{step_days: 14, test: 2, min_history_days: 56}",
        "{train: ['2024-03-04', '2024-05-13'], test: ['2024-06-03']}",
    )
    assert refused(house, "features") == (
        1,
        "error: panel.train: 2024-05-13: the 28-day label window ends after the first test cutoff 2024-06-03, so the "
        "test answers would be trained on; use training cutoffs up to 2024-05-06",
    )


def test_empty_population(house: House) -> None:
    """A cutoff at which nobody could leave is refused."""
    reworded(house, "{step_days: 14, test: 2, min_history_days: 56}", "{train: ['2023-12-04'], test: ['2024-06-03']}")
    assert refused(house, "features") == (
        1,
        "error: nobody is in the population at 2023-12-04: no event in the 56 days before; change panel or "
        "churn.active_within_days, or export that period",
    )


def test_bundle_with_one_byte_changed(house: House) -> None:
    """A bundle that isn't as it was written is never scored with."""
    path = house.bundle / "model.txt"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    assert refused(house, "score", "data/raw") == (
        1,
        "error: models/bundle/model.txt: was changed after it was written; restore it from where it came from, or make "
        "it again",
    )


@pytest.mark.parametrize(
    ("verb", "changed"), [("train", "data/panel/snapshots.parquet"), ("calibrate", "models/boosters/rolling.parquet")]
)
def test_input_changed_by_hand(house: House, verb: str, changed: str) -> None:
    """A stage doesn't go on from what the stage before it didn't write."""
    worlds.tampered(house.root / changed)
    assert refused(house, verb) == (
        1,
        f"error: {changed}: was changed after it was written; restore it from where it came from, or make it again",
    )


def test_password_in_params(house: House) -> None:
    """An address with a password is refused, and the password isn't repeated on the terminal."""
    reworded(house, "sqlite:///mlflow.db", "https://ann:s3cret@runs.example.org")
    assert refused(house, "ingest") == (
        2,
        "error: params.yaml: track.uri: holds a user or password; put the whole address into the variable "
        "MLFLOW_TRACKING_URI",
    )


def test_export_with_none_of_the_mapped_files(house: House) -> None:
    """A folder that holds other things is told apart from an export."""
    other = house.root / "holiday"
    other.mkdir()
    (other / "photos.csv").write_text("a\n1\n")
    code, line = refused(house, "score", "holiday")
    assert code == 1
    assert line.startswith(
        "error: transactions: no file in holiday matches 'transactions*.csv'; files there: photos.csv;"
    )


def test_as_of_after_the_export(house: House) -> None:
    """At a moment after the last event everybody would look silent; it is refused."""
    assert refused(house, "score", "data/raw", "--as-of", "2024-09-01") == (
        1,
        "error: as_of 2024-09-01: the events end on 2024-07-28, so everybody would look silent since then; export up to "
        "2024-09-01 or score as of 2024-07-29",
    )


def test_zip_of_a_changed_bundle(house: House) -> None:
    """A zip is named as it was given, not by the folder that it was unpacked to."""
    shutil.copytree(house.bundle, house.root / "copy")
    (house.root / "copy/model.txt").write_text("another")
    shutil.make_archive(str(house.root / "bundle"), "zip", house.root / "copy")
    assert refused(house, "score", "data/raw", "--model", "bundle.zip") == (
        1,
        "error: bundle.zip/model.txt: was changed after it was written; restore it from where it came from, or make it "
        "again",
    )


def test_export_without_a_table_that_features_read(house: House) -> None:
    """What needs the table is said, with both ways out."""
    (house.root / "data/raw/contacts.csv").unlink()
    assert refused(house, "score", "data/raw") == (
        1,
        "error: contacts: no file in data/raw matches 'contacts*.csv'; files there: customers.csv, transactions.csv; the "
        "table is needed by features (contacts): put the export there, or name tables that hold it by --history",
    )


def test_history_that_is_too_short(house: House) -> None:
    """The months that are missing are named, with both ways out."""
    path = house.root / "data/raw/transactions.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *(row for row in rows if row.split(",")[1] >= "2024-06-10")]) + "\n")
    assert refused(house, "score", "data/raw") == (
        1,
        "error: the events begin on 2024-06-10, but features look back 112 days from 2024-07-29 to 2024-04-08; missing: "
        "2024-04 to 2024-06; add the folders of those exports, or the tables that hold them by --history, such as "
        "data/tables of the training",
    )


def test_history_without_exports(house: House) -> None:
    """Tables alone are scored without --history: a usage error."""
    result = CliRunner().invoke(app, ["score", "--history", "data/tables"])
    assert result.exit_code == 2
    assert "goes before new exports; name their folders, too" in result.stderr


def test_no_bundle(house: House) -> None:
    """Scoring without a bundle names the command that makes one."""
    shutil.rmtree(house.bundle)
    assert refused(house, "score", "data/raw") == (
        1,
        "error: models/bundle: no bundle there (no manifest.json); run `dvc repro` or name a bundle with --model",
    )


def test_no_params(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without params.yaml is no project."""
    monkeypatch.chdir(tmp_path)
    assert refused(House(tmp_path), "train") == (
        2,
        "error: params.yaml: no such file; run churnml in the folder of your params.yaml",
    )


@pytest.mark.parametrize(
    ("verb", "folder", "line"),
    [
        ("features", "tables", "error: data/tables: no tables there; run `churnml ingest` first"),
        ("train", "panel", "error: data/panel: no panel there; run `churnml features` first"),
        ("calibrate", "boosters", "error: models/boosters: no boosters there; run `churnml train` first"),
        ("report", "lists", "error: data/lists: no lists there yet; run `dvc repro`"),
    ],
)
def test_stage_before_its_time(house: House, verb: str, folder: str, line: str) -> None:
    """A stage whose input isn't there names the stage that makes it."""
    shutil.rmtree(getattr(house, folder))
    assert refused(house, verb) == (1, line)


def test_demo_leaves_a_full_folder_alone(house: House) -> None:
    """The demo never writes among somebody's exports."""
    assert refused(house, "demo", "data/raw") == (
        1,
        "error: data/raw: holds files already and is left as it is; name an empty or new folder",
    )


def test_defect_shows_no_traceback(house: House) -> None:
    """What churnml didn't foresee is one line too, and says how to see more."""
    (house.panel / "snapshots.parquet").write_bytes(b"not parquet")
    code, line = refused(house, "train")
    assert code == 1
    assert "Traceback" not in line
