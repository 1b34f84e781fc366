"""The manifest describes every table down to its fields, as the Data Package standard asks."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from evpact import vocabulary
from evpact.tables import TABLES
from tests.publishing.worlds import House, world

STANDARD_TYPES = {"string", "integer", "number", "boolean", "date", "array"}
STANDARD_CONSTRAINTS = {"required", "enum", "pattern", "minimum", "maximum", "jsonSchema"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def manifest(house: House) -> dict[str, Any]:
    house.publish(world())
    return dict(json.loads((house.output / "latest" / "datapackage.json").read_text("utf-8")))


def test_it_tells_where_the_release_comes_from(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == "2026-11-22.1"
    assert manifest["created"] == "2026-11-22T06:30:00+00:00"
    assert manifest["previousVersion"] is None
    assert manifest["sources"] == [{"title": "wire", "digest": "abc"}]
    assert (manifest["code"], manifest["configuration"], manifest["gate"]) == ("c0de", "c0ff", "passed")
    assert all(licence["name"] for licence in manifest["licenses"])
    assert all(contributor["title"] for contributor in manifest["contributors"])


def test_every_table_and_every_field_is_described(manifest: dict[str, Any], house: House) -> None:
    resources = {resource["name"]: resource for resource in manifest["resources"]}
    assert list(resources) == [*TABLES, "changes"]
    for name, table in TABLES.items():
        resource, schema = resources[name], resources[name]["schema"]
        file = (house.output / "latest" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(file)
        assert resource["hash"] == "sha256:" + hashlib.sha256(file).hexdigest()
        assert [f["name"] for f in schema["fields"]] == table.schema.names()
        assert schema["primaryKey"] == list(table.key)
        for key in schema["foreignKeys"]:
            target = resources[key["reference"]["resource"]]["schema"]
            assert set(key["reference"]["fields"]) <= {f["name"] for f in target["fields"]}


def test_only_words_of_the_standard_are_used(manifest: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z0-9._-]+", manifest["name"])
    for resource in manifest["resources"]:
        assert resource["type"] == "table"
        for field in resource["schema"]["fields"]:
            assert field["type"] in STANDARD_TYPES
            assert field["description"]
            assert field["constraints"].keys() <= STANDARD_CONSTRAINTS


def test_constraints_come_from_the_table_definitions(manifest: dict[str, Any]) -> None:
    fields = {(r["name"], f["name"]): f["constraints"] for r in manifest["resources"] for f in r["schema"]["fields"]}
    assert fields["events", "status"] == {"required": True, "enum": list(vocabulary.STATUS)}
    assert fields["events", "confidence"] == {"required": True, "minimum": 0, "maximum": 1}
    assert fields["events", "countries"] == {"required": True, "jsonSchema": {"items": {"pattern": "^[A-Z]{2}$"}}}
    assert fields["articles", "published"] == {"required": False}


def test_every_other_file_is_listed_too(manifest: dict[str, Any]) -> None:
    assert [f["path"] for f in manifest["files"]] == ["CHANGES.md", "quality/pages/index.html", "quality/verdict.json"]
