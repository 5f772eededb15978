"""docs/providers.md: who was found in the documents, how, and how well linkage works; generated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mappe_servizi.linking.scorecard import WEIGHTS, Scorecard
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.providers import APART, ApartRow
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.providers.model import Network, Provider, Resolved
from mappe_servizi.providers.network import build_network
from mappe_servizi.providers.rules import Rules
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.benchmark import OVERLAP, SIZE
from mappe_servizi.synthesize.noise import RATES
from mappe_servizi.synthesize.organizations import SAME_NAME

INTRODUCTION = """# Providers

This page is generated (`make docs`) and checked by a test. It lists the organisations outside the
municipal administration that the documents name, as what, and how sure that is.

## How they are found

1. Every row of the delivering structures gets a type by ordered rules
   (`data/knowledge/structure-types.csv`); rows of providers and the members of groupings are mentions.
   In running text, phrases such as "gestita dal", "effettuata da", "in collaborazione con" propose
   mentions; reviewed rows of `data/municipalities/{ipa}/mentions.csv` decide about them.
2. A decision in `data/providers/aliases.csv` says which organisation of `registry.csv` a printed name
   *of one municipality* is; a name alone never reaches over to another municipality. Without a decision,
   a mention joins one of the same core name whose legal form and seat do not contradict ("rule"),
   else it is an organisation of the municipality's own, `{base}data/organization/{ipa}/{slug}`.
   When such an organisation enters the registry, its row in `identifiers.csv` gets the status
   `registered:{slug}` and its old IRI redirects.
3. The note is read as activities and the instrument in brackets after them; one engagement is one
   service, provider, activity and instrument as printed in one place.

No VAT number or fiscal code is made up: `identifiers.csv` has those that a source prints beside a name,
each checked by its checksum. An organisation has a legal status where it is printed or certain;
"Associazione" alone has none, since recognised and unrecognised ones are two statuses.
"""

COMPARED = """\
`mappe link LEFT [RIGHT]` finds the same organisation in two lists, or twice in one. A row is known by
its list and its id. Identifiers go first: an equal valid fiscal code, VAT number, RUNTS number or IPA
code is the same body, two different ones are two. Then a scorecard
(`data/knowledge/linking-weights.json`) adds up what names and towns say: the words that stand for each
other weighed by how many organisations bear them (`word-frequencies.csv`), legal forms and
abbreviations apart (`legal-forms.csv`, `spellings.csv`, `weak-words.csv`), acronyms spelt out, a town's
words no evidence within the town, the province or the map's town where no town is printed. From a
probability of {link} on a pair may be a `skos:closeMatch`, from {same} on an `owl:sameAs`. Pairs are
taken best first; one that would merge rows of one list that are kept apart is refused and told
(`cluster-pairs.csv`). `data/providers/decisions.csv` (left, right, accept or reject, reason, evidence)
goes before all; a misspelt id and contradicting decisions stop the run with their lines; a rejected
pair is published as rejected and never linked."""
BENCHMARK = """\
How well that works on real lists stands in [decision 0041](decisions/0041-linking.md); `python -m
bench.linking` measures it, `python -m bench.linking.train` trains the weights. The synthetic benchmark
(`mappe link --benchmark`) has two halves of {size} organisations each, none in both; {overlap:.0%} of a
half stand in its register and in its list. {same_name:.0%} bear the name of another one in a different
town. It shows noise that those lists do not have:"""


def page(settings: Settings) -> str:
    """The whole page, for an instance's municipalities."""
    data = settings.data
    rules = Rules.load(settings.knowledge, data)
    apart = read_rows(APART, data / "providers" / APART.file)
    parts = [INTRODUCTION]
    for path in sorted((data / "municipalities").glob("*/municipality.toml")):
        for records in read_records(path.parent, settings):
            network = build_network(records.document, rules)
            parts.append("\n".join(_municipality(records.document, network, apart)) + "\n")
    parts.append("\n".join(_linkage(settings.knowledge)) + "\n")
    return "\n".join(parts)


def _municipality(document: Document, network: Network, apart: Sequence[ApartRow]) -> Iterator[str]:
    pairs = {(e.number, e.provider) for e in network.engagements}
    delivering = {provider for _, provider in pairs}
    yield f"## {document.municipality.name}, edition {document.municipality.edition}"
    yield ""
    yield (
        f"{len(delivering)} distinct providers in {len(pairs)} pairs of service and provider, "
        f"{len(network.engagements)} engagements, {len(network.groupings)} temporary groupings; "
        f"{len(network.providers) - len(delivering)} further organisations are counterparties only."
    )
    yield ""
    yield "| provider | legal status | mentions (lines) | services | identity | identifiers |"
    yield "|---|---|---|---|---|---|"
    titles = {entry.number: entry.title.value for entry in document.entries}
    for provider in sorted(network.providers, key=lambda p: p.name.casefold()):
        services = sorted({number for number, key in pairs if key == provider.key})
        named = "; ".join(f"{number} {titles[number]}" for number in services) or "counterparty only"
        found = [r for r in network.mentions if r.provider == provider.key]
        codes = "; ".join(f"{i.scheme} {i.value} ({i.certainty})" for i in provider.identifiers)
        identity = _identity(provider, found)
        cells = (provider.name, provider.legal_status, _mentions(found), named, identity, codes)
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
    yield ""
    yield from _merges(network, apart)
    yield from _named_only(network)


def _mentions(found: Sequence[Resolved]) -> str:
    lines: dict[str, list[int]] = {}
    for resolved in found:
        lines.setdefault(resolved.mention.name.printed, []).extend(resolved.mention.source.lines)
    return "; ".join(f"{name} ({', '.join(map(str, sorted(set(at))))})" for name, at in lines.items())


def _identity(provider: Provider, found: Sequence[Resolved]) -> str:
    grades = {resolved.certainty for resolved in found} | {provider.certainty}
    return next(grade for grade in ("rule", "likely", "certain") if grade in grades)


def _merges(network: Network, apart: Sequence[ApartRow]) -> Iterator[str]:
    """Spellings that were merged, by how sure that is."""
    yield "### Merges"
    yield ""
    names = {provider.key: provider.name for provider in network.providers}
    for grade, title in (("likely", "Likely"), ("certain", "Certain"), ("rule", "By rule alone")):
        found: dict[tuple[str, str], str] = {}
        for r in network.mentions:
            printed = r.mention.name.printed
            if r.certainty == grade and printed != names[r.provider]:
                found[printed, r.provider] = r.reason
        yield f"{title} ({len(found)}):"
        yield ""
        for (printed, provider), reason in sorted(found.items()):
            yield f"- {printed} = {names[provider]}: {reason}"
        yield ""
    yield "Left apart, though their names are near:"
    yield ""
    for row in apart:
        if row.municipality == network.ipa:
            yield f"- {row.one} and {row.other}: {row.reason} ({row.evidence})"
    yield ""


def _named_only(network: Network) -> Iterator[str]:
    """Names in running text of which a reviewer said that they do not deliver."""
    yield "### Named, but not as providers"
    yield ""
    seen = set()
    for resolved in network.mentions:
        mention = resolved.mention
        if not mention.delivers and mention.source.section != "structures":
            place = f"service {mention.source.number}, line {mention.source.lines[0]}"
            line = f"- {mention.name.printed} ({place}): "
            if line not in seen:
                seen.add(line)
                yield line + mention.reason
    yield ""


def _linkage(knowledge: Path) -> Iterator[str]:
    yield "## Linkage"
    yield ""
    card = Scorecard.load(knowledge / WEIGHTS)
    yield COMPARED.format(link=card.link, same=card.same)
    yield ""
    yield BENCHMARK.format(size=SIZE, overlap=OVERLAP, same_name=SAME_NAME)
    yield ""
    yield "| kind of noise | share of the names that it can touch |"
    yield "|---|---|"
    for kind, rate in RATES.items():
        yield f"| {kind} | {rate:.0%} |"
