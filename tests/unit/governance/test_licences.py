"""Licences are told in plain words, and nothing is called free that is not named so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain.licences import LicenceKind
from desktop.governance.licence_families import MODEL_LICENCES
from desktop.governance.licence_table import GENERAL_LICENCES
from desktop.governance.licences import _FAMILIES, _KNOWN, _SPELLINGS, stated_terms, terms_of
from tests.unit.storage.test_model_store import IMPORTED, INCLUDED

FREE, CONDITIONS, LIMITS, UNKNOWN = LicenceKind


@pytest.mark.parametrize(
    ("stated", "known_as", "kind"),
    [
        (("apache-2.0",), "apache-2.0", FREE),
        (("Apache License 2.0",), "apache-2.0", FREE),
        (("Apache License, Version 2.0",), "apache-2.0", FREE),
        (("other", "Apache-2.0"), "apache-2.0", FREE),
        (("MIT License",), "mit", FREE),
        (("cc-by-4.0",), "cc-by-4.0", CONDITIONS),
        (("CC BY SA 4.0",), "cc-by-sa-4.0", CONDITIONS),
        (("agpl-3.0-or-later",), "agpl-3.0", CONDITIONS),
        (("cc-by-nc-4.0",), "cc-by-nc-4.0", LIMITS),
        (("llama2",), "llama2", LIMITS),
        (("llama3.1",), "llama3.1", LIMITS),
        (("other", "Llama 3.2 Community License Agreement"), "llama3.2", LIMITS),
        (("Llama 3.3 Community Licence",), "llama3.3", LIMITS),
        (("gemma",), "gemma", LIMITS),
        (("other", "", "https://ai.google.dev/gemma/terms"), "gemma", LIMITS),
        (("other", "qwen"), "qwen", LIMITS),
        (("other", "qwen-research"), "qwen-research", LIMITS),
        (("other", "tongyi-qianwen"), "tongyi-qianwen", LIMITS),
        (("other", "mnpl", "https://mistral.ai/licences/MNPL-0.1.md"), "mnpl", LIMITS),
        (("other", "mrl"), "mrl", LIMITS),
        (("other", "deepseek"), "deepseek", LIMITS),
        (("other", "deepseek-license"), "deepseek", LIMITS),
        (("other", "falcon-llm-license"), "falcon-llm", LIMITS),
        (("other", "yi-license"), "yi", LIMITS),
        (("other", "stabilityai-ai-community"), "stabilityai-community", LIMITS),
        (("other", "stabilityai-nc-research-community"), "stabilityai-nc", LIMITS),
        (("other", "nvidia-open-model-license"), "nvidia-open-model", LIMITS),
        (("bigscience-bloom-rail-1.0",), "bigscience-bloom-rail-1.0", LIMITS),
        (("creativeml-openrail-m",), "openrail", LIMITS),
        (("other", "microsoft-research-license"), "microsoft-research", LIMITS),
        (("Apache-2.0 OR MIT",), "apache-2.0", FREE),
        (("apache-2.0 AND cc-by-nc-4.0",), "apache-2.0 AND cc-by-nc-4.0", LIMITS),
        (("MIT AND mit",), "mit", FREE),
        (("apache-2.0 licence",), "apache-2.0", FREE),
        (("Apache-2.0 WITH LLVM-exception",), "apache-2.0", FREE),
    ],
)
def test_a_stated_licence_is_known(
    stated: tuple[str, ...], known_as: str, kind: LicenceKind
) -> None:
    terms = stated_terms(*stated)
    assert (terms.id, terms.kind) == (known_as, kind)
    assert terms.stated


@pytest.mark.parametrize(
    "stated",
    [
        ("",),
        ("other",),
        ("unknown",),
        ("My Own Terms",),
        ("apache-2.0 AND my-own-terms",),
        ("not apache-2.0",),
        ("mit-with-changes",),
        ("other", "Apache-like but not for banks"),
        ("other", "", "https://example.org/LICENSE"),
        ("", "", "https://example.org/mirror-of-mit"),
        # The same maker publishes models under three licences.
        ("other", "", "https://example.org/Qwen/Qwen2.5-3B/LICENSE"),
        ("\n\t",),
        ("a" * 200,),
    ],
)
def test_what_is_not_known_is_not_called_free(stated: tuple[str, ...]) -> None:
    terms = stated_terms(*stated)
    assert terms.kind is UNKNOWN
    assert terms.id == ""
    assert terms.use.endswith("for work.")


def test_of_licences_that_hold_together_every_limit_and_duty_is_told() -> None:
    both, llama, gemma = (stated_terms(name) for name in ("llama3.1, gemma", "llama3.1", "gemma"))
    assert both.kind is LIMITS
    assert both.name == f"{llama.name} and {gemma.name}"
    assert set(both.limits) == {*llama.limits, *gemma.limits}
    assert set(both.conditions) == {*llama.conditions, *gemma.conditions}
    assert len(both.limits) == len(set(both.limits))


def test_a_file_without_a_licence_says_so_in_words() -> None:
    terms = stated_terms("")
    assert terms.name == "not stated"
    assert terms.use == (
        "The file states no licence: ask where it came from before you use it for work."
    )


def test_a_file_s_own_words_and_link_are_kept() -> None:
    terms = stated_terms("other", "qwen", "https://example.org/LICENSE")
    assert terms.stated == "other · qwen"
    assert terms.link == "https://example.org/LICENSE"


def test_the_threshold_of_llama_and_the_duty_to_name_it_are_told() -> None:
    terms = stated_terms("llama3.3")
    assert any("700 million" in limit for limit in terms.limits)
    assert any("Built with Llama" in condition for condition in terms.conditions)


def test_a_model_made_from_llama_is_not_free_though_its_file_says_so() -> None:
    made = replace(IMPORTED, licence="mit", name="Lawyer-Llama-3-8B")
    terms = terms_of(made)
    assert terms.kind is LIMITS
    assert "Llama" in terms.limits[-1]


@pytest.mark.parametrize("name", ["TinyLlama 1.1B Chat", "OpenLLaMA 3B", "Mine", "gemmaling 2"])
def test_a_name_that_only_sounds_like_one_changes_nothing(name: str) -> None:
    assert terms_of(replace(IMPORTED, licence="apache-2.0", name=name)).kind is FREE


def test_the_included_model_may_be_used_freely() -> None:
    assert terms_of(replace(INCLUDED, licence="apache-2.0")).kind is FREE


def test_every_licence_says_something_and_limits_are_said_where_there_are_some() -> None:
    for terms in (*GENERAL_LICENCES, *MODEL_LICENCES):
        assert terms.name and terms.use and terms.full_text, terms.id
        assert bool(terms.limits) == (terms.kind is LIMITS), terms.id
        lines = (terms.use, *terms.limits, *terms.conditions)
        assert all(line.endswith(".") and len(line) < 140 for line in lines), terms.id


def test_no_licence_stands_twice_and_every_spelling_leads_to_one() -> None:
    assert len(_KNOWN) == len(GENERAL_LICENCES) + len(MODEL_LICENCES)
    assert set(_SPELLINGS.values()) <= set(_KNOWN)
    assert {name for _, name in _FAMILIES} <= set(_KNOWN)
