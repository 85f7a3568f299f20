"""Writes the software bill of materials, docs/sbom.cdx.json: everything that the command is built from, drawn with,
tested by and measured against, with versions and licences, as CycloneDX 1.6.

What is installed here is asked: SwiftPM, dpkg and the virtual environments of the Makefile. A licence comes from the
package itself; those of which none can be read stand in LICENCES, with the file that says so.

usage: sbom.py [-o FILE]     from the root of the project, after `make test`, `make reference` and `make bench-peers`
"""

import argparse
import email.parser
import json
import pathlib
import re
import subprocess
import sys

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON_ENVIRONMENTS = {".build/exports-venv": "tests", ".build/reference-venv": "tests", ".build/peers-venv": "benchmarks",
                       ".build/spark-venv": "spark"}
# Of the command itself: the others are for those who test it and measure it.
CHARTS = ROOT / "Sources/Report/charts.txt"

# SPDX expressions where neither the metadata nor the copyright file of a package gives one that can be read.
LICENCES = {
    "deb": {
        "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
        "libboost-math-dev": "BSL-1.0",
        "libboost1.74-dev": "BSL-1.0",
        "libc6": "LGPL-2.1-or-later",
        "libcsv-dev": "LGPL-2.1-or-later",
        "libcsv3": "LGPL-2.1-or-later",
        "libexpat1": "MIT",
        "libexpat1-dev": "MIT",
        "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
        "libminizip-dev": "Zlib",
        "libminizip1": "Zlib",
        "libsqlite3-0": "blessing",
        "libsqlite3-dev": "blessing",
        "libssl3": "Apache-2.0",
        "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
        "libxlsxwriter-dev": "BSD-2-Clause",
        "libxlsxwriter4": "BSD-2-Clause",
        "libxxhash-dev": "BSD-2-Clause",
        "libxxhash0": "BSD-2-Clause",
        "python3": "PSF-2.0",
        "python3-venv": "PSF-2.0",
        "qemu-user": "GPL-2.0-only",
        "zlib1g": "Zlib",
        "zlib1g-dev": "Zlib",
    },
    "pypi": {"cycler": "BSD-3-Clause", "isodate": "BSD-3-Clause", "isoduration": "ISC", "kiwisolver": "BSD-3-Clause",
             "matplotlib": "PSF-2.0", "polars": "MIT", "scipy": "BSD-3-Clause"},
    # The JavaScript in the package of the charts: each has its licence beside it at its source.
    "npm": {"vega": "BSD-3-Clause", "vega-lite": "BSD-3-Clause", "vega-embed": "BSD-3-Clause"},
}
# Libraries of others whose C stands in Swift packages: where, its licence, and the file of the package that says which
# state of it that is, where one does.
VENDORED = {
    "libyaml": ("yams", "MIT", PackageURL("github", "yaml", "libyaml"), None),
    "boringssl": ("swift-crypto", "Apache-2.0", PackageURL("github", "google", "boringssl"),
                  ("Sources/CCryptoBoringSSL/hash.txt", r"revision ([0-9a-f]{40})")),
    "XKCP": ("swift-crypto", "CC0-1.0", PackageURL("github", "XKCP", "XKCP"),
             ("Sources/CXKCP/vendored-sources.txt", r"-g([0-9a-f]+)")),
}
# A header that the command is compiled with and links nothing of.
COMPILED_IN = "/usr/include/boost/math/distributions/students_t.hpp"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def licence_of_text(text):
    """The licence of a Swift package, by the title that its file begins with."""
    head = " ".join(text.split())[:400]
    for words, identifier in [("Apache License", "Apache-2.0"), ("MIT License", "MIT"),
                              ("Permission is hereby granted, free of charge", "MIT")]:
        if words in head:
            return identifier
    raise SystemExit(f"cannot tell the licence that begins with: {head[:80]}")


def component(kind, name, version, licence, purpose, url):
    """purpose: command, build, tests or benchmarks; only what the command needs to run is required."""
    if not licence and purpose in ("command", "build"):
        raise SystemExit(f"the licence of {name} {version} cannot be read: say in LICENCES what it is")
    properties = [Property(name="pipeline:purpose", value=purpose)]
    if not licence:
        properties.append(Property(name="pipeline:licence", value="not stated by the package"))
    factory = LicenseFactory()
    return Component(
        type=ComponentType.LIBRARY if kind != "swift-toolchain" else ComponentType.PLATFORM, name=name, version=version,
        bom_ref=f"{kind}/{name}@{version}", purl=url,
        scope=ComponentScope.REQUIRED if purpose == "command" else ComponentScope.EXCLUDED,
        licenses=[factory.make_from_string(licence)] if licence else [], properties=properties)


def swift_packages():
    """The packages of Package.swift and of Benchmarks/Package.swift, with those that they bring."""
    found = {}

    def add(package, purpose):
        for child in package["dependencies"]:
            if child["identity"] != ROOT.name:
                found.setdefault(child["identity"], (child, purpose))
            add(child, purpose)

    benchmarks = ["--package-path", "Benchmarks", "--scratch-path", ".build/benchmarks"]
    for options, purpose in ([], "command"), (benchmarks, "benchmarks"):
        add(json.loads(run("swift", "package", *options, "show-dependencies", "--format", "json")), purpose)
    for name, (package, purpose) in sorted(found.items()):
        files = [path for path in pathlib.Path(package["path"]).iterdir() if path.name.upper().startswith("LICENSE")]
        host, owner = re.match(r"https://([^/]+)/(.+?)/[^/]+$", package["url"]).groups()
        yield component("swift", name, package["version"], licence_of_text(files[0].read_text()), purpose,
                        PackageURL("swift", f"{host}/{owner}", package["name"], package["version"]))
        for part, (owner, licence, url, source) in VENDORED.items():
            if owner == name:
                version = f"in {name} {package['version']}"
                if source:
                    version = re.search(source[1], pathlib.Path(package["path"], source[0]).read_text()).group(1)
                yield component("vendored", part, version, licence, purpose, url)


def toolchain():
    version = re.search(r"Swift version (\S+)", run("swift", "--version")).group(1)
    yield component("swift-toolchain", "swift", version, "Apache-2.0 WITH Swift-exception", "command",
                    PackageURL("github", "swiftlang", "swift", version))


def makefile_packages():
    """The Debian packages that the Makefile installs, by what for."""
    text = (ROOT / "Makefile").read_text()
    purposes = {"BUILD": "build", "TEST": "tests", "FAULT": "tests", "READER": "tests", "REFERENCE": "tests", "PEERS": "benchmarks"}
    for name, purpose in purposes.items():
        for package in re.search(rf"^{name}_PACKAGES = (.*)$", text, re.M).group(1).split():
            if not package.startswith("$"):
                yield package, purpose
    for package in sorted(set(re.findall(r"\.ci/require ([^$\n]*)", text))):
        for name in package.split():
            yield name, "tests"


def linked_packages():
    """The Debian packages whose libraries the command loads."""
    for line in run("ldd", ".build/release/pipeline").splitlines():
        path = re.search(r"=> (/\S+)", line)
        if path and not path.group(1).startswith(("/opt/", "/usr/lib/swift")):
            for place in (path.group(1), "/usr" + path.group(1)):
                owner = subprocess.run(["dpkg-query", "-S", place], capture_output=True, text=True).stdout
                if owner:
                    yield owner.split(":")[0], "command"
                    break
            else:
                if "swift" not in path.group(1):
                    raise SystemExit(f"no package owns {path.group(1)}")


def debian_packages():
    purposes = {}
    compiled_in = run("dpkg-query", "-S", COMPILED_IN).split(":")[0]
    for name, purpose in [(compiled_in, "command"), *linked_packages(), *makefile_packages()]:
        purposes.setdefault(name, purpose)
    for name, purpose in sorted(purposes.items()):
        query = subprocess.run(["dpkg-query", "-W", "-f=${Version} ${Status}", name], capture_output=True, text=True).stdout
        if "install ok installed" not in query:
            print(f"{name} is not installed here and was left out", file=sys.stderr)
            continue
        version = query.split()[0]
        yield component("deb", name, version, LICENCES["deb"].get(name) or licence_of_copyright(name), purpose,
                        PackageURL("deb", "debian", name, version))


def licence_of_copyright(name):
    """The first licence of a machine-readable copyright file, in SPDX's spelling where there is one."""
    path = pathlib.Path(f"/usr/share/doc/{name}/copyright")
    text = path.read_text(errors="replace") if path.exists() else ""
    found = re.search(r"^License:\s*(\S.*)$", text, re.M)
    if not found:
        found = re.search(r"/usr/share/common-licenses/(\S+?)[.'`\"]*\s", text)
    return found.group(1).strip() if found else None


def python_packages():
    required = {line.split("==")[0] for line in CHARTS.read_text().splitlines() if "==" in line}
    found = {}
    for environment, purpose in PYTHON_ENVIRONMENTS.items():
        for path in sorted((ROOT / environment).glob("lib/python*/site-packages/*.dist-info/METADATA")):
            metadata = email.parser.Parser().parsestr(path.read_text(), headersonly=True)
            name, version = metadata["Name"], metadata["Version"]
            found.setdefault((name, version), ("build" if name in required else purpose, metadata))
    for (name, version), (purpose, metadata) in sorted(found.items(), key=lambda item: item[0][0].lower()):
        yield component("pypi", name, version, licence_of_metadata(metadata), purpose,
                        PackageURL("pypi", None, name.lower().replace("_", "-"), version))


def licence_of_metadata(metadata):
    """An SPDX expression, or the package's own words, which are sometimes a whole text: those stand in LICENCES."""
    if metadata["Name"] in LICENCES["pypi"]:
        return LICENCES["pypi"][metadata["Name"]]
    if metadata["License-Expression"]:
        return metadata["License-Expression"]
    own = (metadata["License"] or "").strip().split("\n")[0]
    if re.search(r"copyright|agreement|={3}", own, re.I):
        raise SystemExit(f"the licence of {metadata['Name']} begins with {own!r}: say in LICENCES what it is")
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    if own and own != "UNKNOWN":
        return own
    return classifiers[0].split("::")[-1].strip() if classifiers else None


def javascript():
    """What the package of the charts brings: it says its versions itself."""
    code = "import json, vl_convert as v; print(json.dumps([v.get_vega_version(), v.get_vegalite_versions()[-1], v.get_vega_embed_version()]))"
    versions = json.loads(run(f"{ROOT}/.build/exports-venv/bin/python", "-c", code))
    for name, version in zip(LICENCES["npm"], versions):
        yield component("npm", name, version, LICENCES["npm"][name], "command", PackageURL("npm", None, name, version))


def bill():
    bom = Bom(version=1)
    source = (ROOT / "Sources/Engine/PipelineRun.swift").read_text()
    own = re.search(r'static let version = "(.*?)"', source).group(1)
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION, name="pipeline", version=own, bom_ref="pipeline",
        licenses=[LicenseFactory().make_from_string(licence_of_text((ROOT / "LICENSE").read_text()))])
    parts = [*toolchain(), *swift_packages(), *debian_packages(), *python_packages(), *javascript()]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(bom.metadata.component, [part for part in parts if part.scope == ComponentScope.REQUIRED])
    return bom


def text(bom):
    """Without the clock and the random number that would make each the only one of its kind."""
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    written.pop("serialNumber", None)
    written["metadata"].pop("timestamp", None)
    written = json.dumps(written, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(written)
    if problem:
        raise SystemExit(f"not CycloneDX 1.6: {problem}")
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-o", "--output", default=str(ROOT / "docs/sbom.cdx.json"))
    arguments = parser.parse_args()
    pathlib.Path(arguments.output).write_text(text(bill()))
