"""What is answered where there is nothing to answer questions about figures from."""

import httpx


def test_a_release_without_figures_says_so(client: httpx.Client) -> None:
    answer = client.get("/api/figures", params={"by": "year"})
    assert answer.status_code == 501
    assert answer.json()["type"].endswith("#not-offered")
    assert "tables/figures.parquet" in answer.json()["detail"]


def test_a_release_without_columns_answers_tables_from_the_graph(client: httpx.Client) -> None:
    assert client.get("/api/services").status_code == 200
    assert client.get("/api/services.csv").status_code == 200
    answer = client.get("/api/services.parquet")
    assert answer.status_code == 501
    assert "tables/services.parquet" in answer.json()["detail"]
