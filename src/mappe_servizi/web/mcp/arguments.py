"""What the tools take, as models: each refuses what it does not name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mappe_servizi.query.columnar.question import GROUPS, MEASURES
from mappe_servizi.web.api.figures import MOST

Language = Annotated[Literal["it", "en"], Field(description="Language of titles and descriptions.")]
Limit = Annotated[int, Field(ge=1, le=200, description="Rows of a page.")]
Page = Annotated[int, Field(ge=1, le=10_000, description="Number of the page, from 1.")]


class Arguments(BaseModel):
    """What a tool takes: what it names and nothing else."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SearchArguments(Arguments):
    """Words to look for."""

    words: str = Field(min_length=1, max_length=200, description="Words, in Italian or English.")
    kind: str = Field("", max_length=100, description="Only things of a kind: public-service, segment, ...")
    page: Annotated[int, Field(ge=1, le=50, description="Number of the page, from 1.")] = 1
    lang: Language = "it"


class DescribeArguments(Arguments):
    """The thing to describe."""

    iri: str = Field(min_length=1, max_length=2_000, description="Its IRI, as a search or a table gives it.")


class ListArguments(Arguments):
    """Which questions to list."""

    words: str = Field("", max_length=200, description="Only those with these words in title or description.")
    tables: bool = Field(False, description="List the tables too, whose columns are their parameters.")
    lang: Language = "it"


class AskArguments(Arguments):
    """A question and its parameters."""

    name: str = Field(min_length=1, max_length=100, description="Its name, from list_questions.")
    parameters: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="Values by parameter; a parameter that is left out has its default."
    )
    limit: Limit = 50
    page: Page = 1


class SparqlArguments(Arguments):
    """A query."""

    query: str = Field(min_length=1, max_length=100_000, description="SPARQL 1.1, SELECT or ASK.")


class FiguresArguments(Arguments):
    """Which figures, or what of them."""

    service: str = Field("", max_length=2_000, description="A service: its IRI, or the code at its end.")
    indicator: str = Field("", max_length=2_000, description="An indicator: its IRI, or words of its name.")
    municipality: str = Field("", max_length=20, description="IPA code of a municipality (c_x000).")
    table: Literal["", "outputs", "users"] = Field("", description="Only what is delivered, or only users.")
    unit: str = Field("", max_length=50, description="Only figures in a unit, such as count, EUR or h.")
    from_year: int = Field(0, ge=0, le=9999, description="The first year.")
    to_year: int = Field(9999, ge=0, le=9999, description="The last year.")
    by: list[Literal[GROUPS]] = Field(  # type: ignore[valid-type]  # the columns' own names
        default_factory=list, max_length=5, description="Brings figures together by these columns."
    )
    measure: Literal[MEASURES] | None = Field(  # type: ignore[valid-type]
        None,
        description="What is computed of each group, sum if only `by` is given; change is from the first "
        "year to the last, perThousand for each 1,000 of those whom a shared indicator is "
        "about. What may not be added up (unlike units, stocks of several years) is refused.",
    )
    limit: Limit = 100
    page: Page = 1

    @model_validator(mode="after")
    def narrow(self) -> FiguresArguments:
        """All figures of everybody are a table to download, not an answer."""
        if not (self.service or self.indicator or self.municipality or self.by or self.measure):
            raise ValueError("name a service, an indicator or a municipality, or what to bring together by")
        if self.from_year > self.to_year:
            raise ValueError("from_year is after to_year")
        return self

    @property
    def years(self) -> range:
        """The years that are meant, none where all are: of an open end, those that stand nearest."""
        if self.from_year == 0 and self.to_year == 9999:
            return range(0)
        if self.to_year == 9999:
            return range(self.from_year, self.from_year + MOST)
        return range(max(self.from_year, self.to_year - MOST + 1), self.to_year + 1)


def worded(error: ValidationError) -> str:
    """What is wrong with arguments, all at once."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}" for one in error.errors()
    )
