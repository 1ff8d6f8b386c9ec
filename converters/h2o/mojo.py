"""What a MOJO zip holds, read without H2O: model.ini, the domains of its text columns, and the bytes of its trees."""

from __future__ import annotations

import codecs
import os
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.zips import open_zip

INTACT_HINT = "Check that the file was copied whole, or download the MOJO again."


@dataclass
class Mojo:
    """`info`: model.ini's first section. `columns`: all names, the response last where there is one. `domains`: by column."""

    name: str
    info: dict[str, str]
    columns: list[str]
    domains: dict[int, list[str]]
    trees: dict[tuple[int, int], bytes]

    @property
    def features(self) -> int:
        return self.whole("n_features")

    @property
    def classes(self) -> int:
        return self.whole("n_classes")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.info.get(key, default)
        if value is None:
            raise corrupt(self.name, f"model.ini has no {key}")
        return value

    def whole(self, key: str, default: str | None = None) -> int:
        return self.parsed(key, default, int)

    def number(self, key: str, default: str | None = None) -> float:
        return self.parsed(key, default, float)

    def flag(self, key: str) -> bool:
        return self.text(key, "false") == "true"

    def numbers(self, key: str, default: str = "[]") -> list[float]:
        return self.parsed(key, default, lambda text: [float(part) for part in text.strip("[]").split(",") if part.strip()])

    def parsed(self, key: str, default: str | None, read: Any) -> Any:
        text = self.text(key, default)
        try:
            return read(text)
        except ValueError:
            raise corrupt(self.name, f"{key} of model.ini is {text[:60]!r}") from None

    def labels(self) -> list[str]:
        """The classes of the response; without a domain of their own, their numbers."""
        return self.domains.get(len(self.columns) - 1, [str(number) for number in range(self.classes)])


def read_mojo(path: str) -> Mojo:
    """Raises CORRUPT_MODEL."""
    name = os.path.basename(path)
    with reading(name, corrupt), open_zip(path) as file:
        return unpacked(name, file)


def unpacked(name: str, file: zipfile.ZipFile) -> Mojo:
    sections = read_sections(file.read("model.ini").decode("utf-8"))
    info = {key.rstrip(" =") if not found else key: value for key, found, value in (line.partition(" = ") for line in sections["info"])}
    domains = {}
    for line in sections.get("domains", []):
        described = re.fullmatch(r"(\d+): (\d+) (\S+)", line)
        if described is None:
            raise corrupt(name, f"it describes a column as {line}")
        column, count, member = described.groups()
        domain = file.read(f"domains/{member}").decode("utf-8").split("\n")
        domain = domain[: int(count)]
        if info.get("escape_domain_values") == "true":
            domain = [
                codecs.decode(value.encode("latin-1", "backslashreplace"), "unicode_escape") if "\\" in value else value for value in domain
            ]
        if len(domain) != int(count):
            raise corrupt(name, f"{member} has {len(domain)} values, not {count}")
        domains[int(column)] = domain
    trees = {}
    for member in file.namelist():
        match = re.fullmatch(r"trees/t(\d+)_(\d+)\.bin", member)
        if match is not None:
            trees[int(match[1]), int(match[2])] = file.read(member)
    mojo = Mojo(name, info, sections.get("columns", []), domains, trees)
    if len(mojo.columns) != mojo.whole("n_columns") or mojo.features > len(mojo.columns):
        raise corrupt(name, f"it names {len(mojo.columns)} columns, not {mojo.text('n_columns')}")
    return mojo


def read_sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        heading = re.fullmatch(r"\[(\w+)\]", line)
        if heading is not None:
            current = sections.setdefault(heading[1], [])
        elif line.strip():
            current.append(line)
    return sections


def corrupt(name: str, why: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{name} is no whole MOJO: {why}.", INTACT_HINT)
