"""The gate on many corrupted samples at once.

A gate run costs Great Expectations some seconds, so each sample gets a schema of its own in the database of the sound
candidate, with only the tables that were changed. Which rules find rows in it is asked of DuckDB; one run of the gate
then evaluates all of those, and the rules that should be broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

import expectations
from evpact.tables import TABLES
from expectations import Rule
from tasks.validation import database
from tests.validation.corruptions import Apply, Sample
from tests.validation.sound import TODAY, reference, sound, told_of, write

_TEXTS = ("told_articles", "texts", "readings")
_FOLLOWING = {
    "articles": _TEXTS,
    "texts": _TEXTS,
    "events": ("told_events",),
    "participants": ("told_participants", "told_quantities"),
    "quantities": ("told_quantities",),
    "event_dates": ("told_dates",),
    "quotes": ("told_quotes", "told_people"),
    "people": ("told_quotes", "told_people"),
    "organizations": ("known_names", "told_participants", "told_people"),
    "organization_names": ("known_names",),
}
"""What else is another table if a table is."""


class Bench:
    """The sound candidate, and what the gate says of samples made from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables, self.texts = sound()
        self.candidate = write(self.tables, folder / "sound")
        self.told = told_of(self.tables, self.texts)
        self.rules = {rule.name: rule for rule in expectations.content_rules()}

    def broken(self, corruptions: Mapping[str, Apply], *, named: bool = False) -> dict[str, dict[str, int]]:
        """The rules that each corruption breaks, with the number of offending rows.

        Args:
            corruptions: By name.
            named: Whether only the rule with the name of the corruption is asked.
        """
        from tasks.validation.great_expectations import Gate

        path = self.folder / "corrupted.duckdb"
        path.unlink(missing_ok=True)
        database.build(path, self.candidate, self.told, None, reference(), TODAY)
        asked: dict[str, tuple[str, Rule]] = {}
        with duckdb.connect(str(path), config={"threads": 1}) as db:
            db.execute("pragma disable_optimizer")  # queries on few rows take longer to plan than to run
            for number, (name, apply) in enumerate(corruptions.items()):
                rules = self._corrupt(f"c{number}", apply, db)
                wanted = {name: rules[name]} if named else {n: rules[n] for n in _broken(rules.values(), db)}
                asked |= {rule.name: (name, rule) for rule in wanted.values()}
        outcomes = Gate(path, TODAY).evaluate({"corrupted": [rule for _, rule in asked.values()]})
        assert len(outcomes) == len(asked)
        assert {outcome.rule for outcome in outcomes if outcome.crash} == set()
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
        told = sample.told.tables
        for name in {name for table in changed for name in _FOLLOWING.get(table, ())}:
            changed.add(name)
            if name in told:
                database.load_frame(db, name, told[name])
        if "texts" in changed:
            database.derive_texts(db)
        if "known_names" in changed:
            database.derive_names(db)
        db.execute("set search_path = 'main'")
        table = re.compile(rf"\b(from|join)\s+({'|'.join(sorted(changed))})\b")
        return {
            name: replace(rule, name=f"{schema} {name}", query=table.sub(rf"\1 {schema}.\2", rule.query))
            for name, rule in self.rules.items()
            if table.search(rule.query)
        }


def _broken(rules: Iterable[Rule], db: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the rules, without their schema, whose query finds rows."""
    return {
        rule.name.partition(" ")[2] for rule in rules if db.execute(f"select 1 from ({rule.query}) limit 1").fetchall()
    }
