"""The preview is shown in a frame by OpenRefine; nothing else of the site is."""

from served import Served


def test_the_preview_alone_may_be_framed(served: Served) -> None:
    with served.client(headers={"accept": "text/html"}) as client:
        entity = client.get("/reconcile/suggest/entity", params={"prefix": "dolce"}).json()["result"][0]["id"]
        for root in ("/reconcile", "/reconcile/1.0"):
            preview = client.get(f"{root}/preview", params={"id": entity})
            assert preview.status_code == 200
            assert "x-frame-options" not in preview.headers
            policy = preview.headers["content-security-policy"]
            assert "frame-ancestors *" in policy
            assert "default-src 'none'" in policy
        for path in ("/", "/reconcile/preview?id=nobody"):
            other = client.get(path)
            assert other.headers["content-type"].startswith("text/html")
            assert other.headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
