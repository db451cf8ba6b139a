"""What is told about how files were read: what was found out, or stated, and isn't the usual."""

from churnml.ingest.profile import TableProfile

_USUAL = ("utf-8", "utf8", "utf-8-sig")


def told(profile: TableProfile) -> list[str]:
    """A line for each encoding but UTF-8, each delimiter but the comma, each place of the header, with the files read so."""
    files: dict[str, list[str]] = {}
    for name, file in profile.files.items():
        for said in file.format.split(", ")[1:]:
            if said.lower() not in _USUAL:
                files.setdefault(said, []).append(name)
    return [f"  read {said if ' ' in said else f'as {said}'}: {_listed(names)}" for said, names in files.items()]


def _listed(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
