# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Fetching third-party sources: what must not go wrong silently."""

import errno
import hashlib
import http.server
import os
import stat
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from atoll.errors import Mistake
from atoll.ports import cache, debian, fetch, upstream

_CONTENT = b"a tarball, for all that the fetcher knows\n" * 1000
_HASH = hashlib.sha256(_CONTENT).hexdigest()


class _Server(http.server.BaseHTTPRequestHandler):
    """Serves what the test says; counts."""

    content, length, status, served = _CONTENT, None, 200, 0

    def do_GET(self):   # pylint: disable=invalid-name
        _Server.served += 1
        self.send_response(self.status)
        self.send_header("Content-Length", str(self.length or len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_):
        pass


class SourcesTest(unittest.TestCase):
    """A cache folder, a server on this machine, a quiet standard error."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.said = []
        for patch in (mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder / "cache"),
                                      no_proxy="*"),
                      mock.patch.object(cache, "say", self.said.append),
                      mock.patch.multiple(_Server, content=_CONTENT, length=None, status=200,
                                          served=0)):
            patch.start()
            self.addCleanup(patch.stop)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}/thing.tar.gz"

    def source(self, *places):
        places = places or [{"kind": "url", "url": self.url, "file": "thing.tar.gz",
                             "sha256": _HASH}]
        return {"name": "thing", "version": "1", "directory": "thing-1", "licence_files": [],
                "patches": [], "places": list(places)}

    def downloads(self):
        return sorted(path.name for path in cache.folder("downloads").iterdir())

    def fails(self, source, *texts):
        with self.assertRaises(Mistake) as caught:
            fetch.fetch(source)
        for text in texts:
            self.assertIn(text, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))


class Fetching(SourcesTest):
    """From upstream."""

    def test_once(self):
        path = fetch.fetch(self.source())
        self.assertEqual(path.read_bytes(), _CONTENT)
        self.assertEqual(self.downloads(), [f"{_HASH}-thing.tar.gz"])
        self.assertEqual(fetch.fetch(self.source()), path)
        self.assertEqual(_Server.served, 1)

    def test_another_content_than_pinned(self):
        _Server.content = b"something else"
        self.fails(self.source(), "SHA-256", _HASH, "has been removed")
        self.assertEqual(self.downloads(), [])

    def test_a_damaged_cache(self):
        path = fetch.fetch(self.source())
        path.write_bytes(_CONTENT[:-1])
        self.fails(self.source(), "was damaged", "run the command again")
        self.assertEqual(self.downloads(), [])
        self.assertEqual(fetch.fetch(self.source()).read_bytes(), _CONTENT)

    def test_no_network_and_a_cold_cache(self):
        source = self.source({"kind": "url", "url": "http://127.0.0.1:1/x", "file": "x",
                              "sha256": _HASH})
        self.fails(source, "is not in the cache", "connect this machine to the network",
                   f"copy x to {cache.folder('downloads')}/{_HASH}-x")

    def test_a_file_put_there_by_hand(self):
        source = self.source({"kind": "url", "url": "http://127.0.0.1:1/x", "file": "x",
                              "sha256": _HASH})
        (cache.folder("downloads") / f"{_HASH}-x").write_bytes(_CONTENT)
        self.assertEqual(fetch.fetch(source).name, f"{_HASH}-x")

    def test_a_connection_that_breaks_off(self):
        _Server.length = len(_CONTENT) + 10
        self.fails(self.source(), "broke off")
        self.assertEqual(self.downloads(), [])

    def test_a_missing_file(self):
        _Server.status = 404
        self.fails(self.source(), "answered 404")

    def test_the_second_place_helps(self):
        good = self.source()["places"][0]
        bad = {**good, "url": "http://127.0.0.1:1/x"}
        self.assertEqual(fetch.fetch(self.source(bad, good)).read_bytes(), _CONTENT)

    def test_a_full_disk(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch.object(upstream, "_store", side_effect=full):
            self.fails(self.source(), "the disk is full", "free some space")
        self.assertEqual(self.downloads(), [])

    def test_an_interrupted_download_leaves_nothing(self):
        with mock.patch.object(upstream, "_store", side_effect=KeyboardInterrupt), \
             self.assertRaises(KeyboardInterrupt):
            fetch.fetch(self.source())
        self.assertEqual(self.downloads(), [])

    def test_leftovers_of_a_killed_run_are_removed(self):
        left = cache.folder("downloads") / ".fetch.killed"
        left.mkdir()
        (left / "part").write_bytes(b"x")
        fetch.fetch(self.source())
        self.assertFalse(left.exists())

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_cache_that_may_not_be_written(self):
        (self.folder / "cache").mkdir(mode=0o500)
        self.fails(self.source(), "no permission", "XDG_CACHE_HOME")


_FAKE_APT = """#!/bin/sh
case "$*" in *update*) {update} ;; esac
case "$*" in *source*) {source} ;; esac
"""


class FromDebian(SourcesTest):
    """From Debian's archive, apt played by a script."""

    PLACE = {"kind": "debian", "package": "thing", "suite": "trixie", "file": "thing.orig.tar.gz",
             "sha256": _HASH}

    def setUp(self):
        super().setUp()
        mirror = [{"URIs": "http://mirror.example/debian", "Signed-By": "/key.gpg"}]
        patch = mock.patch.object(debian, "system_mirrors", return_value=mirror)
        patch.start()
        self.addCleanup(patch.stop)

    def apt(self, update="true", source="true"):
        tools = self.folder / "bin"
        tools.mkdir(exist_ok=True)
        for name, text in (("apt-get", _FAKE_APT.format(update=update, source=source)),
                           ("apt-config", "#!/bin/sh\necho 'Acquire::http::Proxy \"http://p:3\";'\n"
                                          "echo 'APT::Secret \"x\";'\n")):
            (tools / name).write_text(text)
            (tools / name).chmod(stat.S_IRWXU)
        patch = mock.patch.dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}")
        patch.start()
        self.addCleanup(patch.stop)

    def test_the_file_and_the_configuration(self):
        (self.folder / "content").write_bytes(_CONTENT)
        self.apt(source=f"cp {self.folder}/content thing.orig.tar.gz")
        self.assertEqual(fetch.fetch(self.source(self.PLACE)).read_bytes(), _CONTENT)
        state = cache.folder("apt")
        configuration = (state / "apt.conf").read_text()
        self.assertIn('Acquire::http::Proxy "http://p:3";', configuration)
        self.assertNotIn("Secret", configuration)
        self.assertIn(f'Dir::State "{state}";', configuration)
        entry = (state / "sources" / "atoll.sources").read_text()
        self.assertIn("URIs: http://mirror.example/debian\nSuites: trixie\n", entry)
        self.assertIn("Signed-By: /key.gpg", entry)

    def test_no_network(self):
        self.apt(update="echo 'E: Could not resolve mirror.example' >&2; exit 100")
        self.fails(self.source(self.PLACE), "Could not resolve mirror.example")

    def test_a_full_disk(self):
        self.apt(source="echo 'E: write: No space left on device' >&2; exit 100")
        self.fails(self.source(self.PLACE), "the disk is full")

    def test_a_mirror_that_has_moved_on(self):
        self.apt(source="echo x > thing_2.orig.tar.gz")
        self.fails(self.source(self.PLACE), "now has thing_2.orig.tar.gz instead")

    def test_a_machine_without_apt(self):
        with mock.patch.dict(os.environ, PATH="/nowhere"):
            self.fails(self.source(self.PLACE), "has no apt-get")

    def test_upstream_helps_where_debian_cannot(self):
        self.apt(update="exit 100")
        self.assertEqual(fetch.fetch(self.source(self.PLACE, *self.source()["places"]))
                         .read_bytes(), _CONTENT)


class Mirrors(unittest.TestCase):
    """Debian's archive among what apt is configured with."""

    def mirrors(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name.replace("__", "/").replace("_", "."))
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return debian.system_mirrors(folder)

    def test_one_line_style(self):
        found = self.mirrors(sources_list=(
            "# deb http://comment.example bookworm main\n"
            "deb cdrom:[Debian]/ bookworm main\n"
            "deb [arch=amd64 signed-by=/k.gpg] http://a.example/debian bookworm main contrib\n"
            "deb http://security.example/debian-security bookworm-security main\n"
            "deb-src http://a.example/debian/ bookworm main\n"))
        self.assertEqual([one["URIs"] for one in found], ["http://a.example/debian"])
        self.assertEqual(found[0]["Signed-By"], "/k.gpg")

    def test_stanzas(self):
        found = self.mirrors(sources_list_d__debian_sources=(
            "Types: deb\n# a comment\nURIs: mirror+file:///etc/apt/mirrors/debian.list\n"
            "Suites: trixie trixie-updates\nComponents: main\nSigned-By:\n -----BEGIN\n .\n KEY\n"
            "\nTypes: deb\nURIs: http://off.example/debian\nSuites: trixie\nComponents: main\n"
            "Enabled: no\n"))
        self.assertEqual([one["URIs"] for one in found],
                         ["mirror+file:///etc/apt/mirrors/debian.list"])
        self.assertEqual(found[0]["Signed-By"], "\n -----BEGIN\n .\n KEY")

    def test_other_archives_are_none(self):
        found = self.mirrors(sources_list_d__vendor_list=(
            "deb https://download.example/linux/debian bookworm stable\n"
            "deb https://apt.example/pg bookworm-pgdg main\ndeb [broken\ndeb\n"),
                             sources_list_d__other_sources="URIs: http://x\n:::\n\n\nSuites: sid\n")
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
