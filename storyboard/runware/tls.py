"""Whom to trust on https: read once, since reading all certificates takes longer than any request."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

import httpx

from storyboard.disk import words_of
from storyboard.runware.errors import WrongSetting

if TYPE_CHECKING:
    from ssl import SSLContext

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+\Z")
"""How a certificate in a folder is named, so that OpenSSL finds it."""


def trusted() -> SSLContext:
    """The usual authorities, or those that the environment names (SSL_CERT_FILE, SSL_CERT_DIR).

    Raises WrongSetting where those cannot be used.
    """
    return _read(*(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")))


@cache
def _read(file: str | None, folders: str | None, log: str | None) -> SSLContext:
    if folders and not file:
        _refuse_folders(folders)
    try:
        return httpx.create_ssl_context()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        if file and (wrong := _fault(file)) is not None:
            words = f"is {file!r}, which {wrong}: name a file of certificates in PEM form, or unset it"
            raise WrongSetting("SSL_CERT_FILE", words) from None
        if log:
            words = f"is {log!r}, which cannot be written ({words_of(error)}): unset it"
            raise WrongSetting("SSLKEYLOGFILE", words) from None
        raise WrongSetting(
            "SSL_CERT_FILE", f"is not set, and the usual certificates cannot be read ({error})"
        ) from None


def _fault(file: str) -> str | None:
    """What is wrong with a file of certificates; None for one that can be used."""
    import ssl

    if os.path.isdir(file):
        return "is a folder"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except OSError as error:
        return f"cannot be read ({words_of(error)})"
    return None


def _refuse_folders(folders: str) -> None:
    """Raises WrongSetting where no folder of these can be read, or none has certificates: nothing would be trusted."""
    names: list[str] = []
    unread: OSError | None = None
    for folder in filter(None, folders.split(os.pathsep)):
        try:
            names += os.listdir(folder)
        except OSError as error:
            unread = error
    if not any(map(_HASHED.match, names)) and unread is not None:
        words = f"is {folders!r}, which cannot be read as a folder ({words_of(unread)}): correct or unset it"
        raise WrongSetting("SSL_CERT_DIR", words)
    if not any(map(_HASHED.match, names)):
        words = f"is {folders!r}, which holds no certificate named by its hash: run `openssl rehash` on it, or unset it"
        raise WrongSetting("SSL_CERT_DIR", words)
