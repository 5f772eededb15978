"""The one table of settings.

Every setting is a field of ``Settings``: its name, type, default, help and the commands that
take it. The command line makes a flag of it (``--base-uri``), an environment variable
(``MAPPE_BASE_URI``) and a key of ``mappe.toml`` (``base-uri``), in this order of precedence;
``docs/settings.md`` is generated from it. To add a setting, add a field to the part that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mappe_servizi.instance import CONFIG_FILE, Place
from mappe_servizi.model.maintained import NUMBER, TEXT_OR_EMPTY, WHOLE, YES_NO, Value, kind, list_of
from mappe_servizi.model.tables.cells import one_of
from mappe_servizi.setting_checks import Check
from mappe_servizi.settings.building import BuildSettings
from mappe_servizi.settings.declaring import CHECK
from mappe_servizi.settings.places import PlaceSettings
from mappe_servizi.settings.publishing import PublisherSettings
from mappe_servizi.settings.serving import ServerSettings

PREFIX = "MAPPE_"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the values of settings were given.

    Attributes:
        file: the mappe.toml that was read; none where there is none.
        of: by the field of the setting, in words; a field that is not there has its default.
    """

    file: Path | None = None
    of: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The file that a value should be set in, in words."""
        return str(self.file) if self.file else f"a {CONFIG_FILE} (`mappe init DIR` makes an instance)"


@dataclass(frozen=True, kw_only=True)
class Settings(ServerSettings, PublisherSettings, BuildSettings, PlaceSettings):
    """What can be configured; paths are relative to the working directory, in mappe.toml to its own."""

    origin: Origin = field(default=Origin(), compare=False)
    """Where the values come from; no setting itself."""

    def problems(self, command: str = CHECK) -> list[str]:
        """What is wrong with the values that a command takes, a sentence each."""
        found = ((row, row.check(getattr(self, row.field))) for row in rows(command))
        return [f"{self._blamed(row)}{row.name} {problem}" for row, problem in found if problem]

    def _blamed(self, row: SettingRow) -> str:
        """Where the value of a setting was given, as the beginning of an error; nothing of a default."""
        given = self.origin.of.get(row.field, "")
        return f"{given}: " if given and given != f"--{row.name}" else ""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A row of the table, as the command line and the documentation see it.

    Attributes:
        type: a plain type, or ``Literal`` for a choice, without ``| None``.
        many: whether the setting is a list of such values.
        default: the value, or the ``Place`` that gives it.
    """

    field: str
    type: Any
    many: bool
    default: Any
    help: str
    commands: tuple[str, ...]
    check: Check

    @property
    def name(self) -> str:
        """The name in flags and in mappe.toml."""
        return self.field.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.field.upper()

    @property
    def value(self) -> Value:
        """What the key of mappe.toml may say."""
        plain = {int: WHOLE, float: NUMBER, bool: YES_NO}.get(self.type, TEXT_OR_EMPTY)
        if self.choices:
            plain = kind(one_of(*self.choices))
        return list_of(plain) if self.many else plain

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice; empty where any value of the type will do."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


def rows(command: str | None = None) -> Iterator[SettingRow]:
    """The rows of the table, or those that a command takes."""
    hints = get_type_hints(Settings)
    for item in fields(Settings):
        if not item.metadata:  # no setting
            continue
        row = _row(item, hints[item.name])
        if command in (None, CHECK) or command in row.commands:
            yield row


def _row(item: Field[Any], hint: Any) -> SettingRow:
    arguments = [a for a in get_args(hint) if a is not type(None)]
    many = get_origin(hint) is tuple
    plain = arguments[0] if many or type(None) in get_args(hint) else hint
    default = item.default_factory if isinstance(item.default_factory, Place) else item.default
    return SettingRow(field=item.name, type=plain, many=many, default=default, **item.metadata)
