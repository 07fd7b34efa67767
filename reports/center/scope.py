"""What a person may read, in one place: which datasets, which columns, which rows.

Pages, previews, files, schedules and the programmatic interface all ask here. What is outside does not exist
for the person: it is in no list, and asking for it is the same mistake as asking for a name nobody has.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from reports.center.datasets import Dataset, is_money, is_personal
from reports.center.people import Person, Reach
from reports.field import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a person may read: datasets by name, the columns of each in published order, and whose rows."""

    datasets: Mapping[str, Dataset]
    fields: Mapping[str, tuple[Field, ...]]
    reach: Reach

    def dataset(self, name: str) -> Dataset | None:
        """Return a dataset by its name in any case; None where the person has no such dataset."""
        return next((one for key, one in self.datasets.items() if key.lower() == name.lower()), None)

    def field(self, dataset: Dataset, name: str) -> Field | None:
        """Return a column by its name in any case; None where the person has no such column."""
        return next((one for one in self.fields[dataset.name] if one.name.lower() == name.lower()), None)

    @property
    def digest(self) -> str:
        """Tell one scope from another: a file made under one is not handed out under another."""
        reach = self.reach
        told = [str(reach.everything), *sorted(reach.partners), "|", *sorted(reach.locations)]
        told += [f"{name}: {' '.join(field.name for field in self.fields[name])}" for name in self.datasets]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def scope(person: Person, datasets: Mapping[str, Dataset]) -> Scope:
    """Return what a person may read of the datasets."""
    fields = {
        name: tuple(field for field in dataset.report.fields if _is_shown(person, field))
        for name, dataset in datasets.items()
        if _is_open(person, dataset)
    }
    return Scope(datasets={name: datasets[name] for name in fields}, fields=fields, reach=person.reach)


def _is_open(person: Person, dataset: Dataset) -> bool:
    """Tell whether the person has the dataset: a location has no share in figures of its whole partner."""
    return person.rights.sees_rows and (not person.reach.locations or dataset.customer is not None)


def _is_shown(person: Person, field: Field) -> bool:
    if is_money(field) and not person.rights.sees_money:
        return False
    return person.rights.sees_personal or not is_personal(field)
