"""A run's report from a file, whatever form it has: the document muster/1, or a log."""
from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

from .document import BEGIN, BESIDE_TAP, SCHEMA, DocumentReader, from_tap
from .errors import SetupError
from .console import LineReader
from .tap import VERSION_LINE, TapStream

Key = tuple[str, Optional[int]]  # a fact's name, and the CPU it is about; None: the machine


@dataclass
class Report:
    """What muster-diff compares."""

    path: str
    document: dict[str, Any]
    facts: Optional[dict[Key, Any]]  # None: it has no baseline
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id
    numbers: dict[int, int] = field(default_factory=dict)  # of a CPU here, by the report's own index

    @property
    def has_cpuid(self) -> bool:
        """Whether the baseline tells CPUID: every CPU has leaf 0."""
        return any(name.startswith("cpuid.0.") for name, _ in self.facts or {})

    @property
    def cpus(self) -> set[int]:
        """The CPUs that the baseline knows."""
        return {cpu for _, cpu in self.facts or {} if cpu is not None}

    @property
    def apic_ids(self) -> dict[int, Any]:
        """By CPU index."""
        return {cpu: value for (name, cpu), value in (self.facts or {}).items()
                if name == "cpu.apic_id" and cpu is not None}

    def failed(self, id: str) -> list[int]:
        """The CPUs that fail a check; in TAP only the findings name them."""
        check = self.checks[id]
        sets = [check["failed"]] if "failed" in check else [
            finding.get("cpus", "") for finding in check.get("findings", [])
            if finding.get("verdict") != "DEVIATION"]
        return sorted({self.numbers.get(cpu, cpu) for text in sets for cpu in parse_cpus(text)})

    def renumbered(self, numbers: dict[int, int]) -> "Report":
        """The same with other CPU indices."""
        facts = {(name, cpu if cpu is None else numbers[cpu]): value
                 for (name, cpu), value in self.facts.items()}
        return replace(self, facts=facts, numbers=numbers)


def read_report(path: str) -> Report:
    """SetupError names the file and what is wrong with it."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    document = _as_document(path, data) if data.lstrip()[:1] == b"{" else _in_log(path, data)
    try:
        checks = {check["id"]: check for check in document["checks"]}
        facts = _facts(document["baseline"]) if "baseline" in document else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SetupError(f"{path}: is damaged: {type(error).__name__} {error}") from error
    if not checks and not facts:
        raise SetupError(f"{path}: the run ended before its first check")
    return Report(path, document, facts, checks)


def _as_document(path: str, data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError as error:
        raise SetupError(f"{path}: is no JSON: {error}") from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise SetupError(f'{path}: its schema is {json.dumps(schema)}, wanted "{SCHEMA}"')
    return document


def _in_log(path: str, data: bytes) -> dict[str, Any]:
    """The document in a log, else the TAP in it. A last line that is cut off does not count."""
    reader, stream, document = LineReader(), TapStream(), DocumentReader()
    lines = reader.feed(data)
    begins = max(sum(line.rstrip() == word for line in lines)
                 for word in (VERSION_LINE, BEGIN, BESIDE_TAP + BEGIN))
    if begins > 1:
        raise SetupError(f"{path}: there are {begins} reports in it, wanted one")
    for line in lines:
        if not document.feed(line, stream.started):
            stream.feed(line)
    found = document.document()
    if found is not None and not document.problem:
        return found
    if document.problem and not stream.started:
        raise SetupError(f"{path}: {document.problem}")
    if not stream.started:
        raise SetupError(f'{path}: there is no report in it: no document, no "{VERSION_LINE}"')
    return from_tap(stream)


def _facts(baseline: list[dict[str, Any]]) -> dict[Key, Any]:
    """One entry for each CPU, and for each member of a value that has members."""
    facts: dict[Key, Any] = {}
    for fact in baseline:
        cpus = parse_cpus(fact["cpus"]) if "cpus" in fact else [None]
        value = fact["value"]
        parts = {f"{fact['name']}.{key}": part for key, part in value.items()} if isinstance(
            value, dict) else {fact["name"]: value}
        for name, part in parts.items():
            for cpu in cpus:
                facts[name, cpu] = ", ".join(part) if isinstance(part, list) else part
    return facts


def parse_cpus(text: str) -> list[int]:
    """The indices that "0-3,7" names."""
    cpus: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        cpus += range(int(first), int(last or first) + 1)
    return cpus


def print_cpus(cpus: list[int]) -> str:
    """"CPU 3", "CPUs 0-3,7"."""
    runs: list[list[int]] = []
    for cpu in sorted(cpus):
        if runs and runs[-1][1] == cpu - 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    told = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"CPU{'s' * (len(cpus) != 1)} {told}"
