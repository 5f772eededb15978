"""Linkage: measured on the benchmark's test half, explained, and bound by decisions."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

from helpers import Tell
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.link.lists import read_list
from mappe_servizi.link.run import link
from mappe_servizi.providers.linkage.decisions import LINK, SAME, Decision, decide, load_decisions
from mappe_servizi.providers.linkage.explain import explanation, waterfall
from mappe_servizi.providers.linkage.features import Listed, Towns, features
from mappe_servizi.providers.linkage.model import Scored, train
from mappe_servizi.providers.rules import Rules
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize import benchmark
from mappe_servizi.synthesize.build import build_synthetic
from mappe_servizi.synthesize.noise import RATES

DATA = Path(__file__).resolve().parents[2] / "data"
PROVIDERS, KNOWLEDGE = DATA / "providers", DATA / "knowledge"
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
CLOSE_MATCH = "http://www.w3.org/2004/02/skos/core#closeMatch"


def test_precision_and_recall_on_the_half_that_was_not_tuned_on(tell: Tell) -> None:
    measured = benchmark.evaluate(KNOWLEDGE, benchmark.TEST_SEED, LINK)
    same = benchmark.evaluate(KNOWLEDGE, benchmark.TEST_SEED, SAME)
    tell(f"{benchmark.report(KNOWLEDGE, PROVIDERS)}")
    assert measured.precision >= 0.98
    assert measured.recall >= 0.95
    assert same.precision >= 0.99


def test_the_mentions_of_the_documents_by_their_names_alone() -> None:
    """No mention is linked to another organisation; those that only people could resolve stay apart."""
    measured = benchmark.evaluate_mentions(KNOWLEDGE, PROVIDERS, LINK)
    assert measured.wrong == 0
    assert measured.right + measured.missed == 90
    assert measured.recall >= 0.6


def test_the_halves_share_no_organisation_and_have_thousands() -> None:
    tuning, test = benchmark.half(benchmark.TUNING_SEED), benchmark.half(benchmark.TEST_SEED)
    assert not {r.truth for r in tuning.register} & {r.truth for r in test.register}
    assert len(tuning.register) + len(test.register) > 4000
    assert all(0 < rate < 1 for rate in RATES.values())


def test_the_committed_model_is_what_tuning_gives() -> None:
    model = train(*benchmark.columns(benchmark.half(benchmark.TUNING_SEED), KNOWLEDGE))
    committed = json.loads((KNOWLEDGE / "linkage-model.json").read_text("utf-8"))
    assert json.loads(json.dumps(model)) == committed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Fondazione Giovanni Battista Rossi", "Pavia"), ("FOND. G.B. ROSSI", "Pavia")),
        (("Parrocchia San Rocco", "Lodi"), ("Parrocchia S. Rocco di Lodi", "")),
        (("Fondazione Irene Fabbri", "Crema"), ("F.ne I. Fabbri Onlus", "Crema")),
        (("Il Faro Società Cooperativa Sociale", "Ventasso"), ("Coop. Soc. Il Faro", "Busana")),
        (("Opera Pia SS. Redentore", "Castelverde"), ("O.P. SS. Redentore (Castelverde)", "")),
    ],
)
def test_features_of_two_spellings_agree(one: tuple[str, str], other: tuple[str, str]) -> None:
    forms, towns = Rules.load(KNOWLEDGE, DATA).forms, Towns.load(KNOWLEDGE, ("Pavia", "Lodi", "Crema"))
    first = features(Listed("1", *one), forms, towns)
    second = features(Listed("2", *other), forms, towns)
    assert (first["skeleton"], first["town"]) == (second["skeleton"], second["town"])


@pytest.fixture
def pair() -> Scored:
    weights = (("name", "same words", 9.5), ("town", "different", -4.0))
    return Scored("https://e.org/a", "https://e.org/b", 0.6, -5.0, weights)


def test_the_waterfall_adds_up_and_can_be_read_without_colours(pair: Scored) -> None:
    steps = explanation(pair, "A & B", "<b>")["steps"]
    assert [step["to"] for step in steps[:-1]] == [step["from"] for step in steps[1:-1]] + [steps[-1]["to"]]
    drawing = ElementTree.fromstring(waterfall(pair, "A & B", "<b>"))
    texts = [element.text or "" for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "town: different" in texts
    assert "-4.00" in texts


def test_decisions_are_honoured_and_rejections_kept(pair: Scored) -> None:
    reject = Decision(pair.left, pair.right, False, "another town", "assumed")
    assert [link_.relation for link_ in decide([pair], [reject])] == ["rejected"]
    accept = replace(reject, accepted=True)
    doubtful = replace(pair, probability=0.05)
    assert [link_.relation for link_ in decide([doubtful], [accept])] == ["sameAs"]
    assert decide([doubtful], []) == []
    better = replace(pair, right="https://e.org/c", probability=0.9)
    assert [link_.right for link_ in decide([pair, better], [])] == ["https://e.org/c"]


def test_a_slip_in_the_decisions_is_told(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("left,right,decision,reason,evidence\na,b,maybe,x,y\n", "utf-8")
    with pytest.raises(InputError, match=r"decisions.csv:2: the decision is"):
        load_decisions(path)
    path.write_text("left,right,decision,reason,evidence\na,b,accept,x,y\nb,a,reject,x,y\n", "utf-8")
    with pytest.raises(InputError, match="decided twice"):
        load_decisions(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "codice;ragione\n1;A\n"),
        ("list.csv", "name,town\n"),
        ("list.ttl", "not turtle"),
        ("x.pdf", ""),
    ],
)
def test_a_list_that_cannot_be_used_is_told(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(MappeError, match=name):
        read_list(path)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_synthetic(Settings(), tmp_path_factory.mktemp("synthetic") / "current", 2)


def test_providers_of_synthetic_municipalities_are_linked(
    synthetic: Path, tmp_path: Path, tell: Tell
) -> None:
    links = link(Settings(), synthetic, None, tmp_path)
    with (synthetic / "truth" / "mentions.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["municipality"], row["printed"]): row["identifier"] for row in csv.DictReader(file)}
    with (synthetic / "csv" / "engagements.csv").open(encoding="utf-8", newline="") as file:
        who = {
            row["provider"]: truth.get((row["municipality"], row["mention"])) for row in csv.DictReader(file)
        }
    known = [item for item in links if who[item.left] and who[item.right]]
    right = sum(who[item.left] == who[item.right] for item in known)
    tell(f"links of 2 synthetic municipalities, towns mostly not printed: {len(known)}, right: {right}")
    assert len(known) >= 12
    assert right / len(known) >= 0.75  # without a town, two of one name cannot be told apart
    assert all(who[i.left] == who[i.right] for i in known if i.relation == "sameAs")


def test_results_are_published_with_their_evidence(synthetic: Path, tmp_path: Path) -> None:
    links = link(Settings(), synthetic, None, tmp_path)
    triples = [quad.triple for quad in parse(path=tmp_path / "links.ttl", format=RdfFormat.TURTLE)]
    stated = {
        (t.subject.value, t.object.value) for t in triples if t.predicate.value in (SAME_AS, CLOSE_MATCH)
    }
    assert stated == {(item.left, item.right) for item in links}
    assert len(list((tmp_path / "explanations").glob("*.svg"))) == len(links)


def test_a_rejection_survives_the_next_run(synthetic: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(PROVIDERS, data / "providers")
    first = link(Settings(data=data), synthetic, None, tmp_path / "one")[0]
    row = f"{first.left},{first.right},reject,another organisation,assumed\n"
    with (data / "providers" / "decisions.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    again = link(Settings(data=data), synthetic, None, tmp_path / "two")
    relations = {(item.left, item.right): item.relation for item in again}
    assert relations[first.left, first.right] == "rejected"
    triples = [quad.triple for quad in parse(path=tmp_path / "two" / "links.ttl", format=RdfFormat.TURTLE)]
    same = [t for t in triples if t.predicate.value in (SAME_AS, CLOSE_MATCH)]
    assert (first.left, first.right) not in {(t.subject.value, t.object.value) for t in same}
    assert any(t.predicate.value.endswith("linkRelation") and t.object.value == "rejected" for t in triples)
