"""Resources by their IRIs, and what describes and carries the data: catalogue, files, feed."""
