# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Gets a file from where its authors publish it. Proxies are those of the
environment (http_proxy, https_proxy, no_proxy)."""

import http.client
import time
import urllib.error
import urllib.request

from . import cache
from .debian import Unavailable

_CHUNK = 1 << 16
_SILENCE = 30        # seconds without a byte
_SIGN_OF_LIFE = 5    # seconds


def download(place, into):
    """Downloads place["url"] into the folder `into` and returns the file's path.
    Unavailable where nothing, or not all of it, comes."""
    host = place["url"].split("/")[2]
    cache.say(f"downloading {place['file']} from {host}")
    file = into / place["file"]
    try:
        with urllib.request.urlopen(place["url"], timeout=_SILENCE) as answer:
            expected = answer.headers.get("Content-Length")
            got = _store(answer, file, int(expected) if expected else None)
    except urllib.error.HTTPError as error:
        raise Unavailable(f"{host} answered {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        raise Unavailable(f"{host}: {error.reason}") from None
    except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise Unavailable(f"{host} broke off: {error or type(error).__name__}") from None
    if expected and got != int(expected):
        raise Unavailable(f"{host} broke off after {got} of {expected} bytes")
    return file


def _store(answer, file, expected):
    got, said = 0, time.monotonic()
    with open(file, "wb") as out:
        while chunk := answer.read(_CHUNK):
            out.write(chunk)
            got += len(chunk)
            if time.monotonic() - said > _SIGN_OF_LIFE:
                said = time.monotonic()
                whole = f" of {expected / 1e6:.1f}" if expected else ""
                cache.say(f"  {got / 1e6:.1f}{whole} MB")
    return got
