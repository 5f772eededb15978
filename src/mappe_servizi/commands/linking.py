"""The same organisation in two lists: ``mappe link``, ``synthesize``."""

from __future__ import annotations

from pathlib import Path

import click

from mappe_servizi.instance import CONFIG_FILE
from mappe_servizi.options import command
from mappe_servizi.settings import Settings


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
    from mappe_servizi.pipeline.link.run import LinkOptions, link

    if benchmark:
        from mappe_servizi.synthesize.benchmark import report

        click.echo(report(settings.knowledge, settings.data / "providers"))
        return
    lists = frozenset(("left", "right")) if unique == "both" else frozenset({unique} if unique else ())
    asked = LinkOptions(parse_columns(columns), lists, explain)
    linked, told = link(settings, left or settings.release, right, output, asked)
    for line in told:
        click.echo(line, err=True)
    for relation in ("sameAs", "closeMatch", "rejected"):
        click.echo(f"{relation}: {sum(item.relation == relation for item in linked.links)}")
    click.echo(f"clusters: {len(linked.names)}")


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
