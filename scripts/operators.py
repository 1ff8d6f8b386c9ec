"""Writes src/graph/operators/operators.json: for each operator, the opset versions in which its definition changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import onnx.defs

DOMAINS = ("", "ai.onnx.ml")


def versions_by_operator() -> dict[str, dict[str, list[int]]]:
    """Domain → operator → ascending since-versions."""
    table: dict[str, dict[str, set[int]]] = {domain: {} for domain in DOMAINS}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain in table:
            table[schema.domain].setdefault(schema.name, set()).add(schema.since_version)
    return {
        domain: {name: sorted(versions) for name, versions in sorted(operators.items())}
        for domain, operators in table.items()
    }


def main() -> None:
    target = Path(__file__).resolve().parent.parent / "src" / "graph" / "operators" / "operators.json"
    lines = []
    for domain, operators in versions_by_operator().items():
        rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(versions)}" for name, versions in operators.items())
        lines.append(f"  {json.dumps(domain)}: {{\n{rows}\n  }}")
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{target.name}: onnx {onnx.__version__}\n")


if __name__ == "__main__":
    main()
