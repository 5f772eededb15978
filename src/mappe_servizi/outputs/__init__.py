"""What a release holds beside its dump: one module an artefact. What it is, model.outputs declares."""
