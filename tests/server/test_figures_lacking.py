"""What is answered where there is nothing to answer questions about figures from."""

import httpx


def test_a_release_without_figures_says_so(client: httpx.Client) -> None:
    answer = client.get("/api/figures", params={"by": "year"})
    assert answer.status_code == 501
    assert answer.json()["type"].endswith("#not-offered")
    assert "tables/figures.parquet" in answer.json()["detail"]
