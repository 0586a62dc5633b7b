"""Errors of an installation -> one error, with what was installed and the remedy."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulletin.errors import BulletinError, EngineUnavailableError
from bulletin.runtime.files.file_lock import LockedError
from bulletin.runtime.installing.disk_space import remedy_for_write_error


@contextmanager
def installation_errors(
    name: str, *, folder: Path, needed_mb: int, raises: type[BulletinError]
) -> Iterator[None]:
    """
    Raise every failure of the installation of `name` in `folder` as `raises`.

    >>> with installation_errors("kokoro", folder=Path("voices"), needed_mb=500, raises=EngineUnavailableError):
    ...     raise zipfile.BadZipFile("no zip file")
    Traceback (most recent call last):
    bulletin.errors.EngineUnavailableError: kokoro: a package is damaged (no zip file); try again later
    """
    try:
        yield
    except LockedError as error:
        raise raises(f"{name}: another installation is running; wait for its end") from error
    except EngineUnavailableError as error:
        raise raises(f"{name}: {str(error).removeprefix(f'{name}: ')}") from error
    except (KeyError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise raises(f"{name}: a package is damaged ({error}); try again later") from error
    except OSError as error:
        remedy = remedy_for_write_error(error, needed_mb=needed_mb)
        raise raises(f"{name}: cannot be written to {folder} ({error}); {remedy}") from error
