"""The command ``mappe``. What a command does stands in the package that it belongs to.

Each command imports what it needs, so that the server's processes do not load rdflib.
"""

from __future__ import annotations

import csv
import getpass
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import CONFIG_FILE, InInstance
from mappe_servizi.model.identifiers import COLUMNS
from mappe_servizi.options import command, fail, main
from mappe_servizi.settings import Settings, rows

__all__ = ["main"]


@main.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base-uri", help="Address under which the data will be published; asked for where not given.")
def init(directory: Path, base_uri: str | None) -> None:
    """Make DIRECTORY an instance: a place for municipalities, registry and settings of your own."""
    from mappe_servizi.new_instance import make_instance

    if base_uri is None and not sys.stdin.isatty():
        raise MappeError("--base-uri is needed: the address under which the data will be published")
    if base_uri is None:
        base_uri = click.prompt("Address under which the data will be published (ends in a slash)")
    for path in make_instance(directory, base_uri):
        click.echo(path)


@command("add", extra="build")
@click.argument("ipa")
@click.argument(
    "documents", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--edition",
    type=click.IntRange(1000, 2999),
    help="The year of the edition, where it is not the last one that the document's figures name.",
)
@click.option("--istat", help="ISTAT code, for an IPA code that is not made from the cadastral code.")
@click.option("--replace", is_flag=True, help="Take the place of the document that the edition has.")
def add_command(  # noqa: PLR0913, PLR0917 - one parameter a flag
    settings: Settings,
    ipa: str,
    documents: tuple[Path, ...],
    edition: int | None,
    istat: str | None,
    replace: bool,
) -> None:
    """Add the municipality of an IPA code, or another edition of it, from its DOCUMENTS.

    Who it is comes from ISTAT's list. Everything that the document leaves open is told, and nothing waits
    for it: `mappe build` builds what is there.
    """
    from mappe_servizi.pipeline.add.run import Asked, add
    from mappe_servizi.pipeline.add.told import told

    added = add(settings, Asked(ipa, documents, edition, istat, replace))
    for line in told(added):
        click.echo(line)
    if added.open.wrong:
        fail(f"{added.folder}: it cannot be read yet; mend what is told above, and add it again")


@command("template", extra="documents")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--services", type=click.IntRange(1, 200), default=20, show_default=True, help="How many sheets."
)
@click.option(
    "--years",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="How many columns of figures: the years before this one.",
)
def template_command(settings: Settings, file: Path, services: int, years: int) -> None:
    """Write the form as a workbook to fill in, FILE.xlsx or FILE.ods: a sheet a service.

    `mappe add` reads it; sheets that stay empty are none.
    """
    from mappe_servizi.pipeline.form_workbook import write_template
    from mappe_servizi.releases.numbered import today

    last = int(today()[:4]) - 1
    write_template(file, settings.knowledge, range(last - years + 1, last + 1), services)
    click.echo(file)


@command("build", extra="build")
def build_command(settings: Settings) -> None:
    """Build everything from the maintained data, then let the output link name it."""
    from mappe_servizi.pipeline.build import build

    build(settings)


@command("release", extra="build")
@click.option(
    "--rollback", type=click.IntRange(min=1), metavar="N", help="Make release N the current one again."
)
@click.option("--sweep", is_flag=True, help="Make none; remove what no release names, and say what remains.")
def release_command(settings: Settings, rollback: int | None, sweep: bool) -> None:
    """Make a build the next numbered release, with its change log and feed."""
    from mappe_servizi.releases.numbered import release
    from mappe_servizi.releases.rollback import roll_back
    from mappe_servizi.releases.sweep import what_remains

    if rollback is not None:
        click.echo(roll_back(settings.releases, rollback))
    elif not sweep:
        click.echo(release(settings))
    for sentence in what_remains(settings):
        click.echo(sentence, err=True)


@command("validate", extra="build")
@click.argument("names", nargs=-1)
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the report of NAMES.")
def validate(settings: Settings, names: tuple[str, ...], report: Path | None) -> None:
    """Validate a release, or RDF files, or municipalities of the release.

    NAMES are paths of files, municipalities (c_d150) or editions (c_d150-2020). A release's report is
    written to its report/validation.ttl. The status is 1 where there are violations; warnings and
    information do not count.
    """
    from mappe_servizi.checks import shacl
    from mappe_servizi.pipeline.validation import VALIDATION_REPORT, validate_named, validate_release

    if names:
        found = validate_named(names, settings)
    else:
        found = validate_release(settings)
        report = report or settings.release / VALIDATION_REPORT
    if report:
        shacl.write_report(found, report)
    Console().print(shacl.table(found))
    if found.violations:
        fail(f"{found.violations} violations" + (f", in {report}" if report else ""))


@command("serve")
def serve(settings: Settings) -> None:
    """Serve a release, or a SPARQL endpoint, over HTTP."""
    from mappe_servizi.web.run import serve

    serve(settings)


@command("mcp", extra="mcp")
def mcp(settings: Settings) -> None:
    """Answer an assistant over standard input and output (Model Context Protocol), as /mcp does over HTTP."""
    from mappe_servizi.web.stdio import serve

    serve(settings)


@command("query")
@click.argument("query", metavar="NAME_OR_FILE")
@click.option("parameters", "-p", multiple=True, metavar="NAME=VALUE", help="A parameter of the query.")
@click.option(
    "--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def query(settings: Settings, query: str, parameters: tuple[str, ...], shape: str) -> None:
    """Run a published query by its name, or the query of a file."""
    from mappe_servizi.query import client

    values = dict(client.parameter(text) for text in parameters)
    client.show(client.run(settings, query, values, shape), shape)


@command("identifiers", extra="build")
def propose_identifiers(settings: Settings) -> None:
    """Write the rows that the registries of identifiers lack, and print them for review."""
    from mappe_servizi.pipeline.municipality import incomplete_registries

    output = csv.writer(sys.stdout, lineterminator="\n")
    output.writerow(COLUMNS)
    for registry in incomplete_registries(settings):
        output.writerows(astuple(row) for row in registry.missing.values())
        click.echo(f"{registry.write()} rows written to {registry.path}", err=True)


@command("synthesize", extra="build")
@click.option("--municipalities", type=click.IntRange(1), default=10, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same data.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build/synthetic"),
    show_default=True,
    help="Directory of the new instance.",
)
def synthesize_command(settings: Settings, municipalities: int, seed: int, output: Path) -> None:
    """Write an instance of synthetic municipalities, with the truth about their providers beside them.

    For load tests and the measurement of linkage: no such municipality exists. `mappe build` builds them
    like any other.
    """
    from mappe_servizi.synthesize.instance import write_instance

    write_instance(settings, output, municipalities, seed)
    click.echo(f"mappe --config {output / CONFIG_FILE} build", err=True)


@command("link", extra="link")
@click.argument("left", type=click.Path(path_type=Path, exists=True), required=False)
@click.argument("right", type=click.Path(path_type=Path, exists=True), required=False)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build/links"),
    show_default=True,
    help="Directory of the results.",
)
@click.option(
    "--columns",
    multiple=True,
    metavar="ROLE=HEADER,...",
    help="Which columns of the lists are what, where their headers are not the usual ones: name=..., "
    "town=..., province, id, taxcode, vat, runts, ipa, web, email, address.",
)
@click.option(
    "--unique",
    type=click.Choice(("left", "right", "both")),
    help="Lists in which no organisation stands twice: at most one row of them goes into a cluster.",
)
@click.option("--explain", is_flag=True, help="Write a drawing and the figures of why each pair is linked.")
@click.option("--benchmark", is_flag=True, help="Measure on synthetic lists and Cremona's mentions instead.")
def link_command(  # noqa: PLR0913, PLR0917 - one parameter a flag
    settings: Settings,
    left: Path | None,
    right: Path | None,
    output: Path,
    columns: tuple[str, ...],
    unique: str | None,
    explain: bool,
    benchmark: bool,
) -> None:
    """Find the same organisation in two lists, or twice in one, with the evidence for each link.

    A list is a build's directory (its providers), a table (CSV, XLSX, Parquet) or an RDF file.
    Decisions in data/providers/decisions.csv are honoured; OUTPUT gets links.csv, clusters.csv,
    cluster-pairs.csv (what holds clusters together, and what would merge two kept apart) and links.ttl.
    """
    from mappe_servizi.pipeline.link.columns import parse_columns
    from mappe_servizi.pipeline.link.run import Asked, link

    if benchmark:
        from mappe_servizi.synthesize.benchmark import report

        click.echo(report(settings.knowledge, settings.data / "providers"))
        return
    lists = frozenset(("left", "right")) if unique == "both" else frozenset({unique} if unique else ())
    asked = Asked(parse_columns(columns), lists, explain)
    linked, told = link(settings, left or settings.release, right, output, asked)
    for line in told:
        click.echo(line, err=True)
    for relation in ("sameAs", "closeMatch", "rejected"):
        click.echo(f"{relation}: {sum(item.relation == relation for item in linked.links)}")
    click.echo(f"clusters: {len(linked.names)}")


@command("review", extra="link")
@click.argument("left", metavar="[IPA | LEFT]", type=click.Path(path_type=Path), required=False)
@click.argument("right", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--links", is_flag=True, help="Review links between organisations.")
@click.option("--columns", multiple=True, metavar="ROLE=HEADER,...", help="As of `mappe link`.")
@click.option("--reviewer", default=getpass.getuser, show_default="the user", help="Who decides.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Local port.")
def review_command(  # noqa: PLR0913, PLR0917 - one parameter a flag
    settings: Settings,
    left: Path | None,
    right: Path | None,
    links: bool,
    columns: tuple[str, ...],
    reviewer: str,
    port: int,
) -> None:
    """Decide what is open, of a municipality or about links, on a page for this machine alone.

    With an IPA code: its open decisions one after another, each with the printed line beside it. What is
    accepted, changed or rejected goes to the municipality's tables at once, with who decided and when.

    With --links: pairs of organisations side by side. LEFT is the release's providers where it is not given;
    with RIGHT, two lists are linked. Decisions go to data/providers/decisions.csv; two providers of our own
    that are one go to the registry instead.
    """
    if not links:
        _review_municipality(settings, str(left) if left else "", reviewer, port)
        return
    from mappe_servizi.pipeline.link.columns import parse_columns
    from mappe_servizi.review.app import serve
    from mappe_servizi.review.session import open_session

    if left is not None and not left.exists():
        raise MappeError(f"{left}: there is no such file")
    session = open_session(settings, left, right, parse_columns(columns), reviewer)
    for found in session.linked.matched.lists:
        for line in found.told:
            click.echo(f"{found.name}: {line}", err=True)
    serve(session, port, click.echo)


def _review_municipality(settings: Settings, ipa: str, reviewer: str, port: int) -> None:
    from mappe_servizi.pipeline.add.town import folder_of
    from mappe_servizi.pipeline.municipality import complete_registry
    from mappe_servizi.pipeline.records import read_records
    from mappe_servizi.review.rows import RowSession
    from mappe_servizi.review.rows_app import serve

    folder = folder_of(ipa.casefold(), settings.data / "municipalities") if ipa else None
    if folder is None or not folder.is_dir():
        raise MappeError(f"{ipa or 'the IPA code is missing'}: `mappe review IPA` or `mappe review --links`")
    documents = [records.document for records in read_records(folder, settings)]
    session = RowSession(folder, {one.municipality.edition: one for one in documents}, reviewer)

    def name_what_is_new() -> None:
        try:
            added = complete_registry(folder, settings)
        except MappeError as error:
            click.echo(f"mappe: {error}", err=True)
        else:
            click.echo(f"{added} names that the decisions brought have a slug now.")

    serve(session, port, click.echo, name_what_is_new)


@command("rehearse")
@click.option(
    "--release",
    default=InInstance("build/current"),
    envvar="MAPPE_RELEASE",
    show_default="build/current",
    show_envvar=True,
    help="A release (the link or one directory), or the address that one is served at.",
)
@click.option(
    "--output",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of what is kept for the next rehearsal; beside the release where not given.",
)
@click.option("--repository", help="What the national catalogue clones; this instance, if it has assets.")
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="SHACL shapes, or a directory of them, that the catalogue must conform to beside DCAT-AP_IT's.",
)
@click.option(
    "--only",
    "harvesters",
    multiple=True,
    metavar="NAME",
    help="A harvester to let in (docs/commands.md names them); all where none is named.",
)
@click.option(
    "--sample", type=click.IntRange(0), default=0, show_default=True, help="IRIs to ask for; 0 for every one."
)
def rehearse_command(settings: Settings, **given: Any) -> None:
    """Harvest a release as catalogues, clients and search engines would, before they do.

    It is served on this machine, behind a redirect as from w3id.org. Printed are what they would lose,
    what differs from the last rehearsal, and every record as they would show it. The status is 1 where
    something would be lost.
    """
    from mappe_servizi.rehearsal.run import Asked, rehearse
    from mappe_servizi.rehearsal.told import told

    accounts, different = rehearse(settings, Asked(**given))
    for line in told(accounts, different):
        click.echo(line)
    if losses := sum(account.losses for account in accounts):
        fail(f"harvesters would lose something: {losses} problems")


@command("check", extra="build")
@click.argument("ipa", required=False)
def check(settings: Settings, ipa: str | None) -> None:
    """Check the configuration, the maintained tables and the municipalities: all that is wrong or open.

    With the IPA code of a municipality: what is wrong with it and what is open, and nothing else.
    """
    from mappe_servizi.pipeline.maintained import table_errors
    from mappe_servizi.query.fork_client import probe

    if ipa is not None:
        _check_municipality(settings, ipa)
        return
    for row in rows():
        click.echo(f"{row.name} = {getattr(settings, row.field)}")
    for what, given in probe(settings.query_memory << 20).items():
        click.echo(f"isolation of queries: {what} {'yes' if given else 'NO: the system does not grant it'}")
    if said := "\nmappe: ".join([*settings.problems(), *map(str, table_errors(settings))]):
        raise MappeError(said)
    for path in sorted((settings.data / "municipalities").glob("*/municipality.toml")):
        _check_folder(settings, path.parent)


def _check_municipality(settings: Settings, ipa: str) -> None:
    from mappe_servizi.pipeline.add.town import folder_of

    folder = folder_of(ipa.casefold(), settings.data / "municipalities")
    if not folder.is_dir():
        raise MappeError(f"{folder}: there is no such municipality here; `mappe add` makes it")
    _check_folder(settings, folder)


def _check_folder(settings: Settings, folder: Path) -> None:
    """Tell what of a municipality is wrong, and what is open."""
    from mappe_servizi.pipeline.add.told import told_open
    from mappe_servizi.pipeline.open import open_of

    found = open_of(folder, settings)
    click.echo(f"{folder.name}:")
    for line in told_open(found):
        click.echo(f"  {line}")
    if found.wrong:
        fail(f"{folder}: it cannot be read")
