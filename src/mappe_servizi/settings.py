"""The one table of settings.

Every setting is a field of ``Settings``: its name, type, default, help and the commands that
take it. The command line makes a flag of it (``--base-uri``), an environment variable
(``MAPPE_BASE_URI``) and a key of ``mappe.toml`` (``base-uri``), in this order of precedence;
``docs/settings.md`` is generated from it. To add a setting, add a field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.instance import CONFIG_FILE, InInstance, InKnowledge, Place
from mappe_servizi.model.maintained import (
    NUMBER,
    TEXT_OR_EMPTY,
    WHOLE,
    YES_NO,
    Value,
    kind,
    line_of_key,
    list_of,
    read_toml,
)
from mappe_servizi.model.tables.cells import one_of
from mappe_servizi.setting_checks import (
    Check,
    at_least,
    base_iri,
    code,
    directory,
    directory_or_none,
    email,
    maintained,
    networks,
    page_address,
    path_prefix,
    port_number,
    report_address,
    web_address,
)

PREFIX = "MAPPE_"

BUILD, VALIDATE, SERVE, QUERY, IDENTIFIERS = "build", "validate", "serve", "query", "identifiers"
ADD, TEMPLATE = "add", "template"
SYNTHESIZE, LINK, REVIEW = "synthesize", "link", "review"
RELEASE = "release"
REHEARSE = "rehearse"
MCP = "mcp"
DEPLOYMENT = "deployment"
CHECK = "check"  # takes every setting: it looks at the whole configuration


def setting(default: Any, help: str, *commands: str, check: Check = lambda value: None) -> Any:
    """A row of the table: a field with its default, its help, the commands that take it, its check."""
    metadata = {"help": help, "commands": commands, "check": check}
    if isinstance(default, Place):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be configured; paths are relative to the working directory, in mappe.toml to its own."""

    origin: Origin = field(default=Origin(), compare=False)
    """Where the values come from; no setting itself."""

    data: Path = setting(
        InInstance("data"),
        "Directory of the maintained data.",
        BUILD,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        LINK,
        REVIEW,
        RELEASE,
        check=maintained,
    )
    knowledge: Path = setting(
        InKnowledge("knowledge"),
        "Directory of what is known for every municipality: the form's words, legal forms, activities.",
        BUILD,
        ADD,
        TEMPLATE,
        IDENTIFIERS,
        SYNTHESIZE,
        LINK,
        REVIEW,
        RELEASE,
        REHEARSE,
        check=directory,
    )
    output: Path = setting(
        InInstance("build/current"), "Link to repoint to the new build; builds stand beside it.", BUILD
    )
    release: Path = setting(
        InInstance("build/current"),
        "A build's output (the link or one directory); for `rehearse` also the address of a server.",
        VALIDATE,
        SERVE,
        MCP,
        QUERY,
        LINK,
        REVIEW,
        RELEASE,
        REHEARSE,
    )
    base_uri: str = setting(
        DEFAULT_BASE,
        "Base of every IRI, ends in a slash; a release knows its own.",
        BUILD,
        VALIDATE,
        SERVE,
        MCP,
        ADD,
        IDENTIFIERS,
        LINK,
        REVIEW,
        DEPLOYMENT,
        check=base_iri,
    )
    owns_canonical_base: bool = setting(
        False,
        f"This instance owns {DEFAULT_BASE}, where the ontology is, and may release data under it.",
        RELEASE,
    )
    jobs: int = setting(
        0,
        "Processes that read municipalities; 0 for as many as there are processors.",
        BUILD,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        check=at_least(0),
    )
    runner: Literal["local", "spark"] = setting(
        "local",
        "Where the work is done: in processes of this machine, or on Apache Spark.",
        BUILD,
        LINK,
    )
    spark_master: str = setting(
        "local[*]",
        "The cluster of `runner` spark: spark://HOST:PORT, yarn, ..., or local[N] for N processes here.",
        BUILD,
        LINK,
    )
    cache: Path = setting(
        InInstance("build/cache"),
        "Directory of results of earlier builds; it may be deleted at any time.",
        BUILD,
    )
    cache_size: int = setting(
        4096,
        "MiB that kept results may take; what was not used for longest goes. 0 keeps nothing.",
        BUILD,
        check=at_least(0),
    )
    previous: Path | None = setting(
        None,
        "A release, or a build's output, whose part stands for a municipality that cannot be read now.",
        BUILD,
    )
    strict: bool = setting(
        False,
        "Fail where a municipality cannot be read, a decision is open or the shapes find a violation.",
        BUILD,
    )
    keep: int = setting(
        3,
        "Builds to keep beside the current one; older ones that are not in use go.",
        BUILD,
        check=at_least(0),
    )
    queries: Path = setting(
        InKnowledge("queries"),
        "Directory of the published queries.",
        BUILD,
        SERVE,
        MCP,
        QUERY,
        check=directory,
    )
    ontology: Path = setting(
        InKnowledge("ontology"),
        "Directory of the ontology and vocabularies.",
        BUILD,
        SERVE,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        REHEARSE,
        check=directory,
    )
    shapes: Path = setting(
        InKnowledge("shapes"),
        "Directory of the SHACL shapes.",
        BUILD,
        VALIDATE,
        RELEASE,
        REHEARSE,
        check=directory,
    )
    engine: Literal["shifty", "pyshacl"] = setting(
        "shifty",
        "SHACL engine: the fast one, or the reference implementation.",
        BUILD,
        VALIDATE,
        RELEASE,
        REHEARSE,
    )
    ckan: Path | None = setting(
        None,
        "The python of an environment with ckanext-dcat; the program's own where it has it.",
        REHEARSE,
    )
    ldes_client: Path | None = setting(
        None, "The program ldes-client; the one on the search path where it is not set.", REHEARSE
    )
    small_count_threshold: int = setting(
        4,
        "Counts of people of vulnerable segments below this are flagged.",
        BUILD,
        check=at_least(0),
    )
    suppress_small_counts: bool = setting(
        False,
        "Leave such counts out, and the totals, parts and repetitions that would tell them.",
        BUILD,
    )
    publisher_name: str | None = setting(
        None, "Who publishes this instance, in the catalogue; a release needs it.", BUILD, RELEASE
    )
    publisher_identifier: str | None = setting(
        None,
        "The publisher's code: its IPA code where it has one; a release needs it.",
        BUILD,
        RELEASE,
        check=code,
    )
    creator_name: str | None = setting(None, "Who made the data set, in the catalogue.", BUILD, RELEASE)
    creator_identifier: str | None = setting(
        None, "The creator's code: its IPA code where it has one.", BUILD, RELEASE, check=code
    )
    contact_name: str | None = setting(
        None,
        "Who answers questions about the data; the publisher where it is not set.",
        BUILD,
        RELEASE,
        SERVE,
    )
    contact_email: str | None = setting(
        None,
        "Address for questions about the data; none is published without it.",
        BUILD,
        RELEASE,
        SERVE,
        check=email,
    )
    contact_url: str | None = setting(
        None, "Page for questions about the data.", BUILD, RELEASE, SERVE, check=page_address
    )
    report_url: str | None = setting(
        None,
        "Where readers report an error: an address with {title} and {text}, such as a tracker's new issue. "
        "Mail to contact-email where it is not set.",
        SERVE,
        check=report_address,
    )
    releases: Path = setting(
        InInstance("build/releases"),
        "Directory of the numbered releases; its link `current` names the newest.",
        RELEASE,
    )
    max_violations: int = setting(
        0,
        "Violations of the shapes that a release may have; it is refused where there are more.",
        RELEASE,
        check=at_least(0),
    )
    max_open_decisions: int | None = setting(
        None,
        "Open decisions that a release may have; it is refused where there are more. Any number if not set.",
        RELEASE,
        check=at_least(0),
    )
    endpoint: str | None = setting(
        None, "A SPARQL 1.1 endpoint to query in place of the release's own store.", SERVE, MCP, QUERY
    )
    host: str = setting("127.0.0.1", "Address to listen on.", SERVE, DEPLOYMENT)
    port: int = setting(8000, "Port to listen on.", SERVE, DEPLOYMENT, check=port_number)
    workers: int = setting(1, "HTTP processes.", SERVE, check=at_least(1))
    query_workers: int = setting(
        4,
        "Queries that run at a time in each HTTP process, at least 2; half are kept for short ones.",
        SERVE,
        check=at_least(2),
    )
    spare_workers: int = setting(
        1, "Warm query processes beyond those that may run.", SERVE, check=at_least(0)
    )
    query_seconds: float = setting(
        30.0, "Deadline of a query; a client may only lower it.", SERVE, MCP, check=at_least(0.001)
    )
    short_seconds: float = setting(
        0.2, "Processor seconds after which a query counts as a long one.", SERVE, check=at_least(0.001)
    )
    query_memory: int = setting(
        2048, "MiB of address space of a query process, at least 768.", SERVE, MCP, check=at_least(768)
    )
    held_store: int = setting(
        64,
        "MiB of the largest store that is read into memory (about four times as much, once in each HTTP "
        "process), where a look-up takes a third of the time; 0 for none.",
        SERVE,
        check=at_least(0),
    )
    hold_back: int = setting(
        4096,
        "KiB of a result that are held back until it is known to be whole; the rest is streamed.",
        SERVE,
        check=at_least(1),
    )
    result_limit: int = setting(256, "MiB of the largest result.", SERVE, check=at_least(1))
    request_limit: int = setting(1024, "KiB of the largest request.", SERVE, check=at_least(1))
    query_limit: int = setting(512, "KiB of the largest text of a query.", SERVE, check=at_least(1))
    queue: int = setting(256, "Queries that may wait for their turn.", SERVE, check=at_least(1))
    queue_seconds: float = setting(
        10.0, "Seconds that a query may wait for its turn.", SERVE, check=at_least(0)
    )
    client_budget: float = setting(
        0.0, "Seconds of query time that a client may use in a minute; 0 for any.", SERVE, check=at_least(0)
    )
    service_allow: tuple[str, ...] = setting(
        (),
        "Endpoints that SERVICE may name; none by default. Queries that name one may use the network.",
        SERVE,
    )
    cache_memory: int = setting(
        64,
        "MiB of responses to keep; up to a quarter as much is used to ask beforehand what the pages of "
        "services will ask.",
        SERVE,
        check=at_least(0),
    )
    max_age: int = setting(60, "Seconds for which clients need not ask again.", SERVE, check=at_least(0))
    connections: int = setting(4000, "Connections at a time; further ones get 503.", SERVE, check=at_least(1))
    client_connections: int = setting(
        1000,
        "Connections of one client (an address, or a network of IPv6) at a time in each HTTP process; "
        "further ones get 503. Trusted proxies may have any number.",
        SERVE,
        check=at_least(1),
    )
    unread_memory: int = setting(
        64,
        "MiB of answers that may be held for clients that read slowly; beyond them those are cut off "
        "that have read nothing for longest.",
        SERVE,
        check=at_least(1),
    )
    write_seconds: float = setting(
        30.0,
        "Seconds for which a client may read nothing of its answer before it is cut off.",
        SERVE,
        check=at_least(0.1),
    )
    stop_seconds: int = setting(
        10, "Seconds for which requests may go on when the server stops.", SERVE, check=at_least(0)
    )
    trusted_proxies: tuple[str, ...] = setting(
        (),
        "Addresses and networks whose X-Forwarded-For is believed; none by default.",
        SERVE,
        check=networks,
    )
    assets: Path = setting(
        InKnowledge("assets"), "Directory of the pages' built style sheets, fonts, icons and scripts.", SERVE
    )
    documentation: Path | None = setting(
        None,
        "Directory of the documentation's built site (`make site`), to be served at /docs/.",
        SERVE,
        check=directory_or_none,
    )
    public_url: str | None = setting(
        None,
        "Address that clients reach the server at, if not its host and port; the manifest names it.",
        SERVE,
        MCP,
        DEPLOYMENT,
        check=web_address,
    )
    path_prefix: str = setting(
        "",
        "Path under which a reverse proxy publishes the server, when it is not the root.",
        SERVE,
        DEPLOYMENT,
        check=path_prefix,
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "Least level logged.", SERVE, MCP
    )

    @property
    def public_root(self) -> str:
        """The address of the server's root as clients see it, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}{self.path_prefix}").rstrip("/")

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


def read_file(path: Path) -> dict[str, Any]:
    """The values that a mappe.toml sets, by field name; its paths are relative to its directory.

    Raises:
        InputError: it is not TOML, or has a key that is no setting.
    """
    known = {row.name: row for row in rows()}
    found: dict[str, Any] = {}
    for key, value in read_toml(path, {name: row.value for name, row in known.items()}, "setting").items():
        row = known[key]
        found[row.field] = path.parent / value if row.type is Path and isinstance(value, str) else value
    return found


def set_in(path: Path, row: SettingRow) -> str:
    """The file and line that set a setting; "" where the file does not."""
    text = path.read_text(encoding="utf-8-sig")
    if row.name not in tomllib.loads(text):
        return ""
    line = line_of_key(text, row.name)
    return f"{path}:{line}" if line else str(path)
