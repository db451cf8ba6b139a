"""What is told about how files were read: what was found out, or stated, and isn't the usual."""

from churnml.ingest.formats import Trait
from churnml.ingest.profile import TableProfile
from churnml.ingest.words import LINES, first_of
from churnml.language import Locale, phrase


def told(profile: TableProfile, locale: Locale) -> list[str]:
    """A line for each encoding but UTF-8, each delimiter but the comma, each place of the header, with the files read so."""
    files: dict[Trait, list[str]] = {}
    for name, file in profile.files.items():
        for trait in file.format.unusual:
            files.setdefault(trait, []).append(name)
    return [
        f"  {phrase(LINES, 'read', locale, how=trait.words(locale), files=first_of(names, locale, most=1))}"
        for trait, names in files.items()
    ]
