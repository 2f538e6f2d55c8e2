"""Writes the short lists of codes/data into their tables."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from codes import data

ModelOf = Callable[[str], type[models.Model]]
Row = dict[str, Any]


def load_reference_codes(model_of: ModelOf) -> dict[str, int]:
    """Insert or update every row of the short lists by its code and return the number of rows by model.
    Rows that left a file stay: claims may name them. ``model_of`` gives a model by name, so that a migration
    can pass its own frozen ones."""
    loaded = {
        "Procedure": _upsert(model_of("Procedure"), _procedures(), key=["code"]),
        "Modifier": _upsert(model_of("Modifier"), _modifiers(), key=["code"]),
        "PlaceOfService": _upsert(model_of("PlaceOfService"), _places(), key=["code"]),
        "AdjustmentReason": _upsert(model_of("AdjustmentReason"), _reasons(), key=["code"]),
        "RemarkCode": _upsert(model_of("RemarkCode"), _remarks(), key=["code"]),
    }
    reasons: dict[str, Any] = dict(model_of("AdjustmentReason")._default_manager.values_list("code", "pk"))
    combinations = _combinations(reasons)
    loaded["ReasonCombination"] = _upsert(
        model_of("ReasonCombination"), combinations, key=["scenario", "group", "reason_id"]
    )
    return loaded


def _upsert(model: type[models.Model], rows: list[Row], *, key: list[str]) -> int:
    """``updated_at`` moves with every run: it says when the row was last held against its file."""
    unique = ["reason" if name == "reason_id" else name for name in key]
    changing = [name for name in rows[0] if name not in key]
    model._default_manager.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=unique,
        update_fields=[*changing, "updated_at"],
    )
    return len(rows)


def _yes(text: str) -> bool:
    return text == "yes"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _procedures() -> list[Row]:
    return [
        {
            "code": row["code"],
            "description": row["description"],
            "category": row["category"],
            "is_emergency": _yes(row["emergency"]),
            "is_preventive": _yes(row["preventive"]),
            "effective_from": _day(row["effective_from"]),
            "effective_to": _day(row["effective_to"]),
            "usual_place": row["usual_place"],
            "usual_charge": Decimal(row["usual_charge"]),
        }
        for row in data.rows("procedures")
    ]


def _modifiers() -> list[Row]:
    return [
        {
            "code": row["code"],
            "description": row["description"],
            "system": row["system"],
            "is_pricing": _yes(row["pricing"]),
        }
        for row in data.rows("modifiers")
    ]


def _places() -> list[Row]:
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "is_facility": _yes(row["facility"]),
            "effective_from": _day(row["effective_from"]),
        }
        for row in data.rows("places_of_service")
    ]


def _reasons() -> list[Row]:
    return [
        {
            "code": row["code"],
            "description": row["description"],
            "needs_remark": _yes(row["needs_remark"]),
            "position": position,
        }
        for position, row in enumerate(data.rows("adjustment_reasons"), start=1)
    ]


def _remarks() -> list[Row]:
    return [
        {
            "code": row["code"],
            "description": row["description"],
            "is_alert": _yes(row["alert"]),
            "position": position,
        }
        for position, row in enumerate(data.rows("remark_codes"), start=1)
    ]


def _combinations(reasons: dict[str, Any]) -> list[Row]:
    return [
        {
            "scenario": row["scenario"],
            "group": row["group"],
            "reason_id": reasons[row["reason"]],
            "remarks": row["remarks"].split(),
            "remark_required": _yes(row["remark_required"]),
            "position": position,
        }
        for position, row in enumerate(data.rows("reason_combinations"), start=1)
    ]
