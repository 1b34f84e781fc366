"""The gate on many corrupted samples at once.

A gate run costs Great Expectations some seconds, so each sample gets a schema of its own in the database of the sound
candidate, with only the tables that were changed. Which rules find rows in it is asked of DuckDB; one run of the gate
then evaluates all of those, and the rules that should be broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

import expectations
from evpact.tables import TABLES
from expectations import Rule
from tasks.validation import database
from tests.validation.corruptions import Apply, Sample
from tests.validation.sound import TODAY, reference, sound, write

_SHARE = ".widespread"


class Bench:
    """The sound candidate, and what the gate says of samples made from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables, self.texts = sound()
        self.candidate = write(self.tables, folder / "sound")
        self.rules = {rule.name: rule for rule in expectations.content_rules()}

    def broken(self, corruptions: Mapping[str, Apply]) -> dict[str, dict[str, int]]:
        """The rules that each corruption breaks, with the number of offending rows.

        Corruptions are named; where the name is that of a rule, the gate evaluates that rule in any case.
        """
        from tasks.validation.great_expectations import Gate

        path = self.folder / "corrupted.duckdb"
        path.unlink(missing_ok=True)
        database.build(path, self.candidate, self.texts, None, reference(), TODAY)
        asked: dict[str, tuple[str, Rule]] = {}
        found: set[str] = set()
        with duckdb.connect(str(path), config={"threads": 1}) as db:
            db.execute("pragma disable_optimizer")  # queries on few rows take longer to plan than to run
            for number, (name, apply) in enumerate(corruptions.items()):
                rules = self._corrupt(f"c{number}", apply, db)
                broken = _broken(rules.values(), db)
                found |= broken
                asked |= {rule.name: (name, rule) for rule in rules.values() if rule.name in broken}
                if name in rules:
                    asked[rules[name].name] = (name, rules[name])
        outcomes = Gate(path, TODAY).evaluate({"corrupted": [rule for _, rule in asked.values()]})
        assert len(outcomes) == len(asked)
        assert {outcome.rule for outcome in outcomes if outcome.crash} == set()
        assert {outcome.rule for outcome in outcomes if outcome.count} == found, "the gate and its queries disagree"
        result: dict[str, dict[str, int]] = {name: {} for name in corruptions}
        for outcome in outcomes:
            if outcome.count:
                result[asked[outcome.rule][0]][outcome.rule.partition(" ")[2]] = outcome.count
        return result

    def _corrupt(self, schema: str, apply: Apply, db: duckdb.DuckDBPyConnection) -> dict[str, Rule]:
        """Load what a corruption changes into a schema; gives the rules that look at it, pointed there."""
        sample = Sample(dict(self.tables), self.texts)
        apply(sample)
        db.execute(f"create schema {schema}")
        db.execute(f"set search_path = '{schema},main'")
        for name in sorted(sample.changed & TABLES.keys()):
            sample.tables[name].write_parquet(self.folder / f"{name}.parquet")
            assert not list(database.load_table(db, TABLES[name], self.folder))
        for name, frame in (sample.previous or {}).items():
            database.load_frame(db, f"previous_{name}", frame)
        changed = set(sample.changed)
        if changed & {"articles", "texts"}:
            database.load_frame(db, "texts", sample.texts)
            database.derive_readings(db)
            changed |= {"texts", "readings"}
        db.execute("set search_path = 'main'")
        table = re.compile(rf"\b(from|join)\s+({'|'.join(sorted(changed))})\b")
        return {
            name: replace(rule, name=f"{schema} {name}", query=table.sub(rf"\1 {schema}.\2", rule.query))
            for name, rule in self.rules.items()
            if table.search(rule.query)
        }


def _broken(rules: Iterable[Rule], db: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the rules whose query finds rows; a rule on a share is broken only where the rule on rows is."""
    rules = list(rules)
    rows = [rule for rule in rules if not rule.name.endswith(_SHARE)]
    with ThreadPoolExecutor(2) as pool:
        halves = pool.map(lambda part: _finding_rows(part, db), (rows[::2], rows[1::2]))
        broken = set().union(*halves)
    return broken | _finding_rows([rule for rule in rules if rule.name.removesuffix(_SHARE) in broken], db)


def _finding_rows(rules: Sequence[Rule], db: duckdb.DuckDBPyConnection) -> set[str]:
    cursor = db.cursor()
    return {rule.name for rule in rules if cursor.execute(f"select 1 from ({rule.query}) limit 1").fetchone()}
