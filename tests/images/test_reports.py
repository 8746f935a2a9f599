# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What is told about images: the manifest, the graph, what `make images` forced."""

import json
import os
import re
import unittest
from pathlib import Path

from atoll import figures, sources
from atoll.matrix import CELLS
from atoll.toolchain import toolchain

from .harness import ARCH, OUT, ImageTest, build, compose, configure, make


class Manifest(ImageTest):
    """manifest.spdx.json against SPDX 2.3 and what was composed."""

    def test_names_all_that_the_image_holds(self):
        cell, composition = compose("helloworld"), configure("helloworld").composition
        document = self._read(cell)
        packages = {package["name"]: package for package in document["packages"]}
        self.assertEqual(len(packages), len(document["packages"]))
        self.assertEqual(set(packages),
                         {cell.name, "newlib", *(part.name for part in composition.parts)})
        for part in composition.parts:
            package = packages[part.name]
            self.assertEqual(package["versionInfo"], part.version or "1")
            self.assertEqual(package["licenseDeclared"], part.licence)
        newlib = sources.find("newlib")
        self.assertEqual(packages["newlib"]["versionInfo"], newlib["version"])
        self.assertEqual(packages["newlib"]["licenseDeclared"], newlib["licence"])
        self.assertIn(newlib["places"][0]["sha256"], str(packages["newlib"]["checksums"]))
        self.assertIn(f"Tool: {toolchain(cell.arch).identity}",
                      document["creationInfo"]["creators"])

    def test_is_an_spdx_document(self):
        """The mandatory fields (clauses 6, 7, 10, 11), and no reference into nothing."""
        document = self._read(compose("helloworld"))
        self.assertEqual((document["spdxVersion"], document["dataLicense"], document["SPDXID"]),
                         ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertRegex(document["documentNamespace"], r"^https://[^#]+$")
        self.assertRegex(document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        names = [package["SPDXID"] for package in document["packages"]]
        self.assertEqual(len(set(names)), len(names))
        for package in document["packages"]:
            self.assertRegex(package["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertTrue(package["name"] and package["downloadLocation"])
            for checksum in package.get("checksums", []):
                self.assertRegex(checksum["checksumValue"], "^[0-9a-f]{64}$")
        for relation in document["relationships"]:
            self.assertIn(relation["spdxElementId"], ["SPDXRef-DOCUMENT", *names])
            self.assertIn(relation["relatedSpdxElement"], names)
        texts = {one["licenseId"]: one["extractedText"]
                 for one in document["hasExtractedLicensingInfos"]}
        self.assertEqual(set(re.findall(r"LicenseRef-[\w.-]+", json.dumps(document["packages"]))),
                         set(texts))
        self.assertIn("Copyright", texts["LicenseRef-newlib"])

    def test_a_changed_header_changes_the_hash_of_its_library_alone(self):
        folder = self.scratch()
        library = folder / "libs" / "greeting"
        (library / "include").mkdir(parents=True)
        (library / "CMakeLists.txt").write_text("micro_library(NAME greeting)\n")
        (library / "Kconfig").write_text("config LIB_GREETING\n\tbool \"greeting\"\n\tdefault y\n")
        hashes = []
        for text in ("int one;\n", "int two;\n"):
            (library / "include" / "greeting.hpp").write_text(text)
            document = self._read(build(configure("hello_cpp", libs=str(folder / "libs"),
                                                  out=os.path.join(OUT, "outside")), quiet=True))
            hashes.append({package["name"]: package["checksums"][0]["checksumValue"]
                           for package in document["packages"] if "checksums" in package})
        self.assertEqual([name for name in hashes[0] if hashes[0][name] != hashes[1][name]],
                         ["greeting"])
        self.assertEqual(len(set(hashes[0].values())), len(hashes[0]), "two libraries, one hash")

    @staticmethod
    def _read(cell):
        return json.loads((cell.directory / "manifest.spdx.json").read_text(encoding="utf-8"))


class Graph(ImageTest):
    """`make graph` against the DOT language (graphviz.org/doc/info/lang.html)."""

    _TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|->|[A-Za-z_][A-Za-z_0-9]*|[{}\[\];,=])')

    def test_is_a_digraph_of_the_composition(self):
        nodes, edges = self._parse(make("graph", "APP=helloworld", f"ARCH={ARCH}",
                                        f"O={OUT}").stdout)
        composition = configure("helloworld").composition
        self.assertEqual(nodes, {part.name for part in composition.parts})
        self.assertEqual(edges, {(part.name, name) for part in composition.parts
                                 for name in composition.tree.needs(part)})
        self.assertLessEqual({name for edge in edges for name in edge}, nodes)

    def _parse(self, text):
        """Nodes and edges; fails on what is not in the grammar's part that we use:
        digraph ID { stmt; ... }, a stmt being ID=ID, or nodes with an attribute list."""
        tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = self._TOKEN.match(text, at)
            self.assertTrue(match, f"no DOT: {text[at:at + 40]!r}")
            tokens.append(match[1])
            at = match.end()
        self.assertEqual((tokens[0], tokens[2], tokens[-1]), ("digraph", "{", "}"))
        nodes, edges, statement = set(), set(), []
        for token in tokens[3:-1]:
            if token != ";":
                statement.append(token)
                continue
            self._statement(statement, nodes, edges)
            statement = []
        self.assertEqual(statement, [], "a statement without its semicolon")
        return nodes, edges

    def _statement(self, words, nodes, edges):
        names = [word.strip('"') for word in words]
        if "[" in words:
            self.assertEqual(words[-1], "]")
            self.assertRegex(" ".join(words[words.index("[") + 1:-1]),
                             r"^\w+ = \w+( , \w+ = \w+)*$")
            names = names[:words.index("[")]
        if len(names) == 3 and names[1] == "->":
            edges.add((names[0], names[2]))
        elif len(names) == 1:
            nodes.update(set(names) - {"node"})
        else:
            self.assertEqual((len(words), words[1]), (3, "="), words)


class Bench(ImageTest):
    """`make bench`, where nothing of it was built before."""

    def test_figures_beside_the_committed_ones(self):
        done = make("bench", "APP=hello_cpp", f"ARCH={ARCH}", f"O={self.scratch()}", "V=1")
        said = done.stdout + done.stderr
        self._shows_all(said)
        self.assertRegex(said, r"(?m)^ +[0-9,]+ +[0-9,]+  atl::")
        self.assertEqual(done.returncode, 0, said)

    def test_fails_where_something_grew(self):
        tree = self.copy_of_tree()
        path, library = tree / figures.PATH, tree / "lib" / "panic" / "CMakeLists.txt"
        old = json.loads(path.read_text(encoding="utf-8"))["cells"]
        old[f"hello_cpp_kvm-{ARCH}"]["image_bytes"] //= 2
        path.write_text(figures.text(old, ARCH), encoding="utf-8")
        text = library.read_text(encoding="utf-8")
        library.write_text(re.sub(r"SIZE_BUDGET \d+", "SIZE_BUDGET 64", text), encoding="utf-8")
        done = make("bench", "APP=hello_cpp", f"ARCH={ARCH}", folder=tree)
        said = done.stdout + done.stderr
        self._shows_all(said)
        self.assertNotEqual(done.returncode, 0, said)
        complaints = [line for line in done.stderr.splitlines() if line.startswith("atoll: ")]
        self.assertEqual(len(complaints), 2, said)
        self.assertRegex(complaints[0], "image_bytes grew from [0-9,]+ to [0-9,]+ ")
        self.assertRegex(complaints[1], "panic takes [0-9,]+ bytes .*SIZE_BUDGET of 64")
        done = make("bench", "APP=hello_cpp", f"ARCH={ARCH}", "UPDATE=1", folder=tree)
        self.assertNotIn("grew", done.stdout + done.stderr)
        self.assertGreater(json.loads(path.read_text(encoding="utf-8"))["cells"][f"hello_cpp_kvm-{ARCH}"]
                           ["image_bytes"], old[f"hello_cpp_kvm-{ARCH}"]["image_bytes"])

    def _shows_all(self, said):
        self.assertNotIn("Traceback", said)
        for figure in ("image_bytes", "to_main", "to_off", "memory_kib", "time_over_stub_us"):
            self.assertRegex(said, rf"(?m)^  {figure} +-?[0-9][0-9,]*", said)
        self.assertRegex(said, r"(?m)^  instructions of which: entry [0-9,]+, boot [0-9,]+, ")


class Images(ImageTest):
    """`make images`."""

    def test_every_cell_and_what_was_forced(self):
        config, out = self.scratch() / "config", Path(OUT) / "every"
        done = make("defconfig", "APP=helloworld", "ARCH=x86_64", KCONFIG_CONFIG=str(config))
        self.assertEqual(done.returncode, 0, done.stderr)
        text = config.read_text(encoding="utf-8")
        self.assertIn("CONFIG_LOG_LEVEL_INFO=y", text)
        text = text.replace("# CONFIG_LOG_LEVEL_ERROR is not set\n", "")
        config.write_text(text.replace("CONFIG_LOG_LEVEL_INFO=y", "CONFIG_LOG_LEVEL_ERROR=y"),
                          encoding="utf-8")
        done = make("images", "APP=helloworld", f"O={out}", KCONFIG_CONFIG=str(config))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = done.stdout + done.stderr
        for plat, arch in CELLS:
            cell = out / f"helloworld_{plat}-{arch}"
            size = (cell / cell.name).stat().st_size
            self.assertIn(f"{cell.name}/{cell.name}: {size:,} bytes", said)
            self.assertIn("CONFIG_LOG_LEVEL_ERROR=y",
                          (cell / ".config").read_text(encoding="utf-8"))
        forced = [line for line in said.splitlines() if " became " in line]
        self.assertEqual(forced.count("helloworld_kvm-arm64: LIB_STOP_ACPI=y became n"), 1, said)
        for line in forced:
            self.assertRegex(line, "^helloworld_(kvm-arm64|xen-x86_64|xen-arm64): (?!LOG_LEVEL)")


if __name__ == "__main__":
    unittest.main()
