# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Brings a pinned source into the cache, or says in one sentence why not."""

from ..errors import Mistake
from . import cache, debian, upstream

_KINDS = {"debian": debian.download, "url": upstream.download}


def cached(source):
    """The path of the source's file in the cache, where it is there and as
    pinned; None where it is not there. A file with another content is removed."""
    for place in source["places"]:
        path = _path(place)
        if not path.exists():
            continue
        with cache.explained(f"read {path}"):
            actual = cache.sha256(path)
        if actual == place["sha256"]:
            return path
        path.unlink()
        raise Mistake(f"the cached {path} was damaged (its SHA-256 was {actual}) and has been "
                      "removed; run the command again to fetch it anew")
    return None


def fetch(source):
    """The path of the source's verified file, fetched where it is not cached."""
    path = cached(source)
    if path:
        return path
    with cache.lock("fetch"):
        return cached(source) or _fetch(source)


def _path(place):
    return cache.folder("downloads") / f"{place['sha256']}-{place['file']}"


def _fetch(source):
    downloads = cache.folder("downloads")
    reasons = []
    for place in source["places"]:
        with cache.explained(f"download {place['file']}"), \
             cache.workplace(downloads, "fetch") as into:
            try:
                file = _KINDS[place["kind"]](place, into)
            except debian.Unavailable as reason:
                reasons.append(str(reason))
                continue
            actual = cache.sha256(file)
            if actual != place["sha256"]:
                raise Mistake(
                    f"{place['file']} came with the SHA-256 {actual} instead of {place['sha256']} "
                    "and has been removed: the mirror, or something on the way to it, serves "
                    "another file; try again from another network, and report it if it stays so")
            cache.publish(file, _path(place))
        return _path(place)
    first = source["places"][0]
    raise Mistake(f"{source['name']} {source['version']} is not in the cache and cannot be fetched "
                  f"({'; '.join(reasons)}); connect this machine to the network, or copy "
                  f"{first['file']} to {_path(first)}")
