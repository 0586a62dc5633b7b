"""FTP error -> message with its remedy, and whether a retry soon can help."""

from __future__ import annotations

import ftplib

import pytest

from bulletin.delivery.targets.ftp import Ftp


@pytest.mark.parametrize(
    ("error", "message", "is_lasting"),
    [
        (ftplib.error_perm("530 Login incorrect."), "correct user and password", True),
        (ftplib.error_perm("552 Quota exceeded."), "is full", False),
        (ftplib.error_temp("452 No space left."), "free some space there", False),
        (ftplib.error_perm("550 No space left on device."), "free some space there", False),
        (ftplib.error_temp("451 Failure writing to local file."), "free some space there", False),
        (ftplib.error_perm("530 Anonymous sessions must use encryption."), "correct user and password", True),
        (ftplib.error_perm("553 Could not create file."), "let the login write, rename and delete", False),
        (ftplib.Error("no data connection to server port 50123"), 'set mode = "active"', False),
        (ConnectionRefusedError("refused"), "is the server up", False),
        (TimeoutError(), "no answer within 30 s; is the server up", False),
    ],
)
def test_each_ftp_error_has_its_remedy(error: Exception, message: str, is_lasting: bool) -> None:
    failure = Ftp(name="far", host="ftp.example", password="pw")._delivery_error(error)

    assert message in str(failure)
    assert failure.is_lasting is is_lasting
    assert "pw" not in str(failure)
