"""The gate on corrupted samples, fast."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import duckdb

import expectations
from evpact.tables import TABLES
from expectations import Rule
from tasks.validation import database
from tests.validation.corruptions import Sample
from tests.validation.sound import TODAY, reference, sound, write

_SHARE = ".widespread"


class Bench:
    """Runs the gate on corrupted samples.

    Only the changed tables are loaded anew, into a copy of the sound candidate's database. Which rules find rows is
    asked of DuckDB; the gate itself then runs those: an expectation costs Great Expectations some milliseconds.
    """

    def __init__(self, folder: Path) -> None:
        from tasks.validation.great_expectations import Gate

        self.folder = folder
        self.tables, self.texts = sound()
        self.candidate = write(self.tables, folder / "sound")
        self.rules = {rule.name: rule for rule in expectations.content_rules()}
        self._database, self._corrupted, self._runs = folder / "sound.duckdb", folder / "corrupted.duckdb", 0
        database.build(self._database, self.candidate, self.texts, None, reference(), TODAY)
        shutil.copy(self._database, self._corrupted)
        self._gate = Gate(self._corrupted, TODAY)

    def sample(self) -> Sample:
        return Sample(dict(self.tables), self.texts)

    def broken(self, sample: Sample, *names: str) -> dict[str, int]:
        """The rules that a sample breaks, with the number of offending rows; `names` are evaluated in any case."""
        shutil.copy(self._database, self._corrupted)
        with duckdb.connect(str(self._corrupted), config={"threads": 1}) as db:
            self._load(sample, db)
            broken = _broken(self._touched(sample), db)
        self._runs += 1
        rules = [self.rules[each] for each in sorted(broken | set(names))]
        outcomes = self._gate.evaluate({f"run {self._runs}": rules})
        assert len(outcomes) == len(rules)
        assert {outcome.rule for outcome in outcomes if outcome.crash} == set()
        assert {outcome.rule for outcome in outcomes if outcome.count} == broken, "the gate and its queries disagree"
        return {outcome.rule: outcome.count for outcome in outcomes if outcome.count}

    def _load(self, sample: Sample, db: duckdb.DuckDBPyConnection) -> None:
        for name in sorted(sample.changed & TABLES.keys()):
            sample.tables[name].write_parquet(self.folder / f"{name}.parquet")
            assert not list(database.load_table(db, TABLES[name], self.folder))
        for name in sample.previous or {}:
            database.load_frame(db, f"previous_{name}", (sample.previous or {})[name])
        if sample.changed & {"articles", "texts"}:
            database.load_frame(db, "texts", sample.texts)
            database.derive_readings(db)

    def _touched(self, sample: Sample) -> Sequence[Rule]:
        changed = sample.changed | ({"readings"} if sample.changed & {"articles", "texts"} else set())
        pattern = re.compile(rf"\b({'|'.join(sorted(changed))})\b")
        return [rule for rule in self.rules.values() if pattern.search(rule.query)]


def _broken(rules: Sequence[Rule], db: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the rules whose query finds rows; a rule on a share can only be broken where the rule on rows is."""
    rows = [rule for rule in rules if not rule.name.endswith(_SHARE)]
    with ThreadPoolExecutor(2) as pool:
        broken = {name for name in pool.map(partial(_name_if_broken, db=db), rows) if name}
    shares = [rule for rule in rules if rule.name.endswith(_SHARE) and rule.name.removesuffix(_SHARE) in broken]
    return broken | {rule.name for rule in shares if _name_if_broken(rule, db)}


def _name_if_broken(rule: Rule, db: duckdb.DuckDBPyConnection) -> str | None:
    found = db.cursor().execute(f"select 1 from ({rule.query}) limit 1").fetchone()
    return rule.name if found else None
