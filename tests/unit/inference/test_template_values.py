"""Chat templates that build what has no end are refused at once, wherever they use it."""

from __future__ import annotations

import pytest

from desktop.inference.template_check import template_problem
from desktop.inference.template_sandbox import SandboxedTemplate
from desktop.inference.template_values import TemplateFailed, bounded

TWICE = "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60
BOTH = TWICE + TWICE.replace("a", "b").replace("{% bnd", "{% and")
LOOP = (
    "{% set s = namespace(v=[1]) %}{% for i in range(60) %}{% set s.v = [s.v, s.v] %}{% endfor %}"
)
PATIENCE_S = 60.0  # so that size alone refuses, however slow the machine is
WAYS = {
    "shown": TWICE + "{{ a }}",
    "shown from a loop": LOOP + "{{ s.v }}",
    "shown within what holds it": LOOP + "{{ s }}",
    "shown as values": TWICE + "{{ {'x': a}.values() }}",
    "joined to a text": TWICE + "{{ 'x' ~ a }}",
    "written as JSON": TWICE + "{{ a | tojson }}",
    "made a text": TWICE + "{{ a | string }}",
    "compared": BOTH + "{{ a == b }}",
    "looked for": BOTH + "{{ a in [b] }}",
    "tested": BOTH + "{{ a is eq b }}",
    "sorted": BOTH + "{{ [a, b] | sort }}",
    "looked up by": "{% set a = (1,) %}" + "{% set a = (a, a) %}" * 60 + "{{ {}[a] }}",
    "a key": "{% set a = (1,) %}" + "{% set a = (a, a) %}" * 60 + "{% set d = {a: 1} %}",
    "given to a macro": "{% set s = namespace(v=1) %}{% macro m() %}{% set s.v = varargs %}"
    "{% endmacro %}{% for i in range(60) %}{{ m(s.v, s.v) }}{% endfor %}",
    "given to dict": "{% set s = namespace(v=1) %}{% for i in range(60) %}"
    "{% set s.v = dict(a=s.v, b=s.v) %}{% endfor %}{{ s.v }}",
}


def rendered(source: str) -> str:
    return SandboxedTemplate(source, PATIENCE_S).render(messages=[], bos_token="", eos_token="")


@pytest.mark.parametrize("way", WAYS)
def test_a_value_of_endless_parts_goes_nowhere(way: str) -> None:
    with pytest.raises(TemplateFailed, match="endless prompt"):
        rendered(WAYS[way])


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ [1] | slice(100000000) | list }}", "slice"),
        ("{{ [1] | batch(1000000000, 'x') | list }}", "batch"),
        (
            "{% set s = namespace(n=10**60) %}{% for i in range(60) %}"
            "{% set s.n = s.n * s.n %}{% endfor %}",
            "too large a number",
        ),
        ("{{ range(3000) | list | join(range(3000) | list | string) }}", "endless prompt"),
        ("{% set t = range(9999) | list | string %}{{ t.replace(',', t) }}", "endless prompt"),
        ("{% set t = range(9999) | list | string %}{{ t | replace(',', t) }}", "endless prompt"),
        ("{% set t = range(9999) | list | string %}{{ t.join(t.split(',')) }}", "endless prompt"),
    ],
)
def test_what_is_made_in_one_step_is_refused(source: str, problem: str) -> None:
    with pytest.raises(TemplateFailed, match=problem):
        rendered(source)


def test_what_templates_really_use_works() -> None:
    source = (
        "{%- set ns = namespace(system='') -%}"
        "{%- if messages[0]['role'] == 'system' -%}{%- set ns.system = messages[0].content -%}"
        "{%- set messages = messages[1:] -%}{%- endif -%}"
        "{{- ns.system ~ '\\n' -}}"
        "{%- for message in messages -%}"
        "{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}"
        "{{- raise_exception('turns must alternate') -}}{%- endif -%}"
        "{{- {'user': '[INST] ', 'assistant': ''}[message.role] + message.content -}}"
        "{{- ' [/INST]' if message.role in ['user'] and not loop.last else eos_token -}}"
        "{%- endfor -%}{{- '' if 1 < 2 <= 2 and messages is iterable else 'no' -}}"
        "{{- {'tools': [1, 2]} | tojson -}}"
    )
    assert template_problem(source) == ""


def test_a_template_as_long_as_the_longest_of_real_models_works() -> None:
    one = (
        "{%- for message in messages -%}"
        "{%- if message.role == 'tool' and not message.content.startswith('<tool>') -%}"
        "{{- '<|im_start|>' + message.role + '\\n' + message.content | trim -}}{%- endif -%}"
        "{%- endfor -%}\n"
    )
    whole = one * 80 + "{%- for message in messages -%}{{ message.content }}{%- endfor -%}"
    assert 16_000 < len(whole) < 24_000
    assert template_problem(whole) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in b %}" * 25 + "{% endfor %}" * 25,
        "{% if a %}" * 120 + "{% endif %}" * 120,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    ],
    ids=["loops", "conditions", "brackets"],
)
def test_what_nests_deeper_than_python_can_is_refused(source: str) -> None:
    assert "cannot be parsed" in template_problem(source)


def test_small_values_pass_as_they_are_and_rings_are_measured_once() -> None:
    ring: list[object] = [1]
    ring.append(ring)
    for value in (1, "text", None, {"a": [1, 2, {"b": ()}]}, ring):
        assert bounded(value) is value
    with pytest.raises(TemplateFailed):
        bounded(["x" * (1 << 20)] * 2)
