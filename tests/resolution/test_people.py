"""Who is quoted or named with an office, however articles write the name."""

from __future__ import annotations

from tasks.records import Person, Quote
from tests.resolution.newsroom import Newsroom, article, partnership, span


def people(*told: tuple[Person, ...], quotes: tuple[Quote, ...] = ()) -> dict[str, tuple[str, str | None]]:
    """Name and organisation by `person_id`, of articles on Ford and Geely that name these people."""
    room = Newsroom()
    for number, each in enumerate(told):
        room.add(article(f"a{number}"), partnership("Ford/partner", "Geely/partner"), people=each, quotes=quotes)
    return {row["person_id"]: (row["name"], row["org_id"]) for row in room.table("people")}


def test_umlauts_and_forms_of_address_make_nobody_another() -> None:
    found = people(
        (Person("Jens-Ole Müller", "chief executive", "Ford"),),
        (Person("Jens-Ole Mueller", "chief executive", "Ford"),),
        (Person("Dr. Jens-Ole Müller", "head of the board", "Ford"),),
        (Person("Jens-Ole Muller", None, None),),
    )
    assert found == {"jens-ole-mueller": ("Jens-Ole Müller", "ford")}


def test_a_surname_behind_a_form_of_address_is_whom_others_name_in_full() -> None:
    full, short = Person("Marguerite Oulette", "chief executive", "Ford"), Person("Ms Oulette", "owner", None)
    assert people((full,), (short,)) == {"marguerite-oulette": ("Marguerite Oulette", "ford")}
    two = (full, Person("Jean Oulette", "director", "Geely"))
    assert set(people(two, (short,))) == {"marguerite-oulette", "jean-oulette", "oulette"}


def test_who_has_no_office_and_says_nothing_is_nobody() -> None:
    quote = Quote("Jane Doe", *span("We build it."))
    assert people((Person("Jane Doe", None, None), Person("Li Wei", None, None)), quotes=(quote,)) == {
        "jane-doe": ("Jane Doe", None)
    }
    assert people((Person("Geely", "chief executive", "Ford"),)) == {}
