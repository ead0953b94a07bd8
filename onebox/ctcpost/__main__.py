"""`./ctcpost`: the operator's command."""

import sys

import asyncpg
import typer
from aiokafka.errors import KafkaError

from onebox.ctcpost import dead_letters, rebuild, republish, verify_ledger
from onebox.errors import CannotRun
from shared.errors import Unavailable

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(dead_letters.app, name="dead-letters")
app.command("republish")(republish.republish)
app.command("rebuild")(rebuild.rebuild)
app.command("verify-ledger")(verify_ledger.verify_ledger)


def main() -> None:
    """Run a command; what stands in the way is one sentence."""
    try:
        app()
    except CannotRun as error:
        sys.exit(f"{error}")
    except (asyncpg.PostgresError, KafkaError, OSError, Unavailable) as error:
        sys.exit(f"A server does not answer as it should ({type(error).__name__}: {error}).")


if __name__ == "__main__":
    main()
