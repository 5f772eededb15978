"""Where stages run: one module a kind of place; ``runner.py`` says what each of them can do."""
