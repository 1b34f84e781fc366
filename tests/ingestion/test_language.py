"""Languages by their commonest words or their script, and by the model where these do not tell."""

from __future__ import annotations

import sys

import pytest

from tasks.ingestion.language import language_of

TELLING = [
    ("The company said on Monday that it would build a plant for batteries in the north of the country.", "en"),
    ("Das Werk wird nach Angaben des Konzerns im nächsten Jahr mit der Fertigung von Zellen beginnen.", "de"),
    ("Le groupe a annoncé que la production des batteries commencera dans une usine du nord de la France.", "fr"),
    (
        "La empresa anunció que las baterías para los coches se fabricarán en una planta del norte, como ya se sabía.",
        "es",
    ),
    (
        "De fabriek van het bedrijf gaat volgens een woordvoerder met de productie van accu's voor auto's beginnen.",
        "nl",
    ),
    ("同社は電気自動車向けの電池を国内の工場で生産すると発表した。", "ja"),
    ("회사는 전기차 배터리를 국내 공장에서 생산한다고 밝혔다.", "ko"),
]


@pytest.mark.parametrize(("text", "expected"), TELLING, ids=[language for _, language in TELLING])
def test_the_commonest_words_or_the_script_tell(text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)  # the model is not asked
    assert language_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Společnost oznámila, že příští rok zahájí výrobu baterií v novém závodě na severu země.", "cs"),
        ("Die maatskappy het gesê dat die werk aan die fabriek in die noorde van die land sal begin.", "af"),
        ("A empresa anunciou que a fábrica de baterías para os coches eléctricos comezará a funcionar no norte.", "gl"),
        (
            "Vlada je odlučila da će se od sljedeće godine poticati kupnja vozila, a za to je osigurano sto milijuna.",
            "hr",
        ),
        ("Правителството реши да подкрепи покупката на електрически автомобили от следващата година.", "bg"),
        ("该公司周一表示，将在北部建设一座电池工厂，明年开始生产。", "zh"),
    ],
)
def test_the_model_tells_of_the_others(text: str, expected: str) -> None:
    assert language_of(text) == expected
