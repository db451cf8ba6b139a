"""What libraries raise about a file, as one line."""

import csv
from types import TracebackType

import pyarrow as pa

from churnml.errors import ExportError
from churnml.ingest.find import ExportFile


class refusing:  # noqa: N801  reads as a clause: `with refusing(file):`
    """Turn what libraries raise about a file into one line."""

    def __init__(self, file: ExportFile) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, pa.ArrowException | OSError | ValueError | csv.Error):
            reason = (str(error).splitlines() or [type(error).__name__])[0].split(". Row #")[0][:160]
            reason = reason.replace(str(self._file.path), str(self._file))
            reason = "".join(character if character.isprintable() else " " for character in reason)
            raise ExportError(f"{self._file}: can't be read: {reason}; export it again or correct the file") from error
