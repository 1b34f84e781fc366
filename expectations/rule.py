"""A rule: something that must hold of a release, as a query for the rows that break it.

Queries are DuckDB SQL. They see every table of the candidate by its name, and besides:

    told_articles, told_events, told_participants, told_quantities, told_dates, told_people, told_quotes
                                               what the candidate was made from: see `tasks.validation.told`
    texts(article_id, text)                    the clean text of every article
    readings(article_id, words)                title and text in lower case, white space collapsed
    known_names(org_id, name)                  every name that an organisation of the candidate is known under
    previous_<table>                           the release before, without rows if there is none
    ref_organizations, ref_countries, ref_currencies, ref_units, ref_places, ref_reviews, ref_recap_cues
                                               the reference tables
    limit_<name>                               the tables in `expectations/limits`
    run(today)                                 the day of the run
    file_faults(table_name, fault, expected, found)     what is wrong with the files themselves

and the macros `flat(text)` (white space collapsed, lower case), `plain(text)` (letters and digits only, no accents),
`squeezed(text)` (plain without spaces), `is_part_of(part, name)` (words of a name, side by side) and
`id_of(prefix, list of texts)` (as `evpact.ids.digest` makes ids).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

Severity = Literal["critical", "warning"]

LETTER: Final = r"A-Za-z\x{c0}-\x{1fff}\x{2c00}-\x{2fff}\x{3040}-\x{10ffff}"
"""Letters of all scripts, for a character class: blocks, since DuckDB takes milliseconds to compile each `\\p{L}`."""

NO_SPACE: Final = r"[^\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
"""What is no white space of Unicode; DuckDB's own `\\S` knows the white space of ASCII alone."""


@dataclass(frozen=True)
class Rule:
    """Something that must hold.

    Attributes:
        name: Stable name, `<table>.<column or subject>.<what>`.
        table: Table that breaks the rule.
        severity: `critical` refuses the candidate, `warning` is reported.
        holds: What must hold, as a sentence for people.
        reason: Why it must hold, or where a bound comes from.
        remedy: What a person does about it.
        query: Rows that break the rule: their key first, then the values that break it.
        column: Column that breaks the rule, if it is one.
        is_loss: Whether it says how much of the release before may be gone; a person may accept more for one run.
        family: The same said of every table, if such rules are broken together: people are told once for all of them.
    """

    name: str
    table: str
    severity: Severity
    holds: str
    reason: str
    remedy: str
    query: str
    column: str | None = None
    is_loss: bool = False
    family: str | None = None


def tolerated(rule: Rule, of: str, share: float, least: int = 3) -> tuple[Rule, Rule]:
    """A rule that single rows may break, but not many: a warning, and a critical rule on the share of broken rows.

    Texts are of all sorts and an extractor errs now and then; that must not stop a release, a systematic fault must.

    Args:
        rule: The rule for one row.
        of: Table, or query in brackets, whose rows are checked.
        share: Largest tolerated share of broken rows.
        least: Number of broken rows below which nothing is systematic.
    """
    counted = (
        f"select count(*) as rows_broken, (select count(*) from {of}) as rows_checked from ({rule.query}) "
        f"having count(*) >= {least} and count(*) > {share} * (select count(*) from {of})"
    )
    return replace(rule, severity="warning"), replace(
        rule,
        name=f"{rule.name}.widespread",
        severity="critical",
        holds=f"{rule.holds.removesuffix('.')}: at most {share:.0%} of the rows may break this.",
        reason=f"{rule.reason} Single cases are reported; this many are a systematic fault.",
        query=counted,
    )


def quoted(words: Iterable[str]) -> str:
    """The words as SQL literals, separated by commas."""
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)
