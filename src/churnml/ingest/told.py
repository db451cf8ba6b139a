"""What is told about how files were read: encodings that were found out or stated."""

from churnml.ingest.profile import TableProfile


def told(profile: TableProfile) -> list[str]:
    """A line for each encoding but UTF-8, with the files that were read so."""
    files: dict[str, list[str]] = {}
    for name, file in profile.files.items():
        _, _, encoding = file.format.partition(", ")
        if encoding and encoding.lower() not in ("utf-8", "utf8", "utf-8-sig"):
            files.setdefault(encoding, []).append(name)
    return [f"  read as {encoding}: {_listed(names)}" for encoding, names in files.items()]


def _listed(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
