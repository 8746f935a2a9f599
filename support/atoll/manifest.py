# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""manifest.spdx.json: what an image holds, readable as an SPDX 2.3 document."""

import datetime
import hashlib
import json
import os
import re
from pathlib import Path

from .errors import Mistake
from .toolchain import toolchain

_NAMESPACE = "https://atoll.invalid/spdx/"


def manifest(configured, ports):
    """The text of the manifest (SPDX 2.3, clauses 6 and 7; the JSON form)."""
    composition, cell = configured.composition, configured.cell
    packages = [_image(composition, cell)]
    packages += [_part(part) for part in composition.parts]
    packages += [_port(name) for name in sorted(ports)]
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                  "relatedSpdxElement": "SPDXRef-image"}]
    relations += [{"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS",
                   "relatedSpdxElement": package["SPDXID"]} for package in packages[1:]]
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": cell.name,
        "documentNamespace": _NAMESPACE + _digest(json.dumps(packages, sort_keys=True)),
        "creationInfo": {"created": _created(),
                         "creators": ["Tool: atoll", f"Tool: {toolchain(cell.arch).identity}"]},
        "packages": packages, "relationships": relations,
        "hasExtractedLicensingInfos": _licence_texts(composition, packages, ports),
    }
    return json.dumps(document, indent=1) + "\n"


def _created():
    """SOURCE_DATE_EPOCH, or a fixed day: the manifest of the same set is the same."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    moment = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _image(composition, cell):
    return _package("image", cell.name, "1", "NOASSERTION",
                    f"{composition.app.name} for {composition.plat} on {composition.arch}")


def _part(part):
    package = _package(f"{part.kind}-{part.name}", part.name, part.version or "1", part.licence,
                       part.summary)
    package["checksums"] = [{"algorithm": "SHA256", "checksumValue": _sources_digest(part)}]
    return package


def _sources_digest(part):
    """One hash over the names and contents of the part's files, headers included."""
    digest = hashlib.sha256()
    for file in _files(Path(part.directory)):
        name = str(file.relative_to(part.directory))
        digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder):
    """Every file below `folder`, in order, but those of parts that lie inside it."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not (entry / "CMakeLists.txt").exists():
            yield from _files(entry)


def _licence_texts(composition, packages, ports):
    """The texts of licences that SPDX has no name for (clause 10): those of the port
    after which the licence is named."""
    named = {name for package in packages
             for name in re.findall(r"LicenseRef-[\w.-]+", package["licenseDeclared"])}
    texts = []
    for name in sorted(named):
        port = name.removeprefix("LicenseRef-")
        if port not in ports:
            raise Mistake(f"{composition.app.name} holds something under {name}, but no port "
                          f"{port}, whose licence texts say what that is")
        files = sorted(Path(ports[port], "share", "licences").iterdir())
        texts.append({"licenseId": name, "extractedText": "\n".join(
            file.read_text(encoding="utf-8", errors="replace") for file in files)})
    return texts


def _port(name):
    from . import sources
    entry = sources.find(name)
    package = _package(f"port-{name}", name, entry["version"], entry["licence"],
                       entry.get("support", ""))
    package["checksums"] = [{"algorithm": "SHA256", "checksumValue": place["sha256"]}
                            for place in entry["places"] if place.get("sha256")]
    comments = [f"asks: {entry['asks']}"] if entry.get("asks") else []
    if patches := entry.get("patches", []):
        comments.append("patches: " + ", ".join(patches))
    if comments:
        package["comment"] = "; ".join(comments)
    return package


def _package(identity, name, version, licence, summary):
    return {"SPDXID": "SPDXRef-" + identity.replace("_", "-"), "name": name,
            "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": licence, "licenseDeclared": licence,
            "copyrightText": "NOASSERTION", "summary": summary}
