"""The command line's own description as Markdown: what `docs/cli.md` holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from desktop.cli.main import command_line

_HEAD = """\
# The command line

Made from the commands themselves by `make docs`; a test fails when it is old.

`carrel` alone opens the window. Every command takes `--data-dir DIR` (or the variable
`CARREL_DATA_DIR`) and `--json`, which prints one JSON document on standard output while progress
and messages go to standard error. Exit codes: 0 success, 1 a failure explained in one line,
2 wrong usage. Ctrl C stops in order and keeps what was finished.
"""
_EXAMPLES = """
## Examples

```sh
carrel index ~/Contracts --collection Contracts
carrel search "notice period" --collection Contracts --top 5
carrel ask "How much notice must the tenant give?" --collection Contracts
carrel ask "Write a polite reminder." --no-documents
carrel extract lease.pdf --json
carrel models import /media/stick/model.gguf
carrel models fit mine --context 16384
carrel models choices mine --preset balanced --context 16384
carrel models compare "What is due on leaving?" -c Contracts --models smollm2-135m-instruct mine
carrel doctor --self-test
```
"""
_SHARED = {"--data-dir", "--json", "--help"}


def reference() -> str:
    """Return the whole page."""
    group: Any = get_command(command_line())
    parts = [_HEAD, _EXAMPLES]
    parts += [_section(f"carrel {name}", command) for name, command in _leaves(group)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _leaves(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _section(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.opts and p.opts[0] not in _SHARED]
    options = [p for p in options if p.param_type_name == "option"]
    usage = " ".join([name, *(_argument(p) for p in arguments), "[OPTIONS]" if options else ""])
    lines = [f"## {name}", "", command.help or "", "", f"    {usage.strip()}", ""]
    if options:
        lines += ["| option | meaning |", "| --- | --- |", *(_row(p) for p in options), ""]
    return "\n".join(lines)


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return str(name if parameter.required else f"[{name}]")


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    value = f" {parameter.metavar}" if parameter.metavar else ""
    meaning = parameter.help or ""
    if parameter.required:
        meaning = f"{meaning} Required.".strip()
    elif parameter.default not in (None, False, "") and not callable(parameter.default):
        default = getattr(parameter.default, "value", parameter.default)
        meaning = f"{meaning} Default: {default}.".strip()
    return f"| {names}{value} | {meaning} |"
