"""The smallest Typer program with two commands, as plain as ae-cli asks Typer to be."""

import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def hello(name: str) -> None:
    """Greet."""


@app.command()
def bye(name: str) -> None:
    """Take leave."""


app()
