"""Licences that makers of models wrote for their own, in plain words."""

from __future__ import annotations

from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.governance.licence_table import ANY_USE, NO_WORK

_WITHIN = "Use for work is allowed within the limits below."
_RESEARCH = "Only for research, study and trying out."
_NO_PRACTICE = (
    "It may not stand in for a person with the licence a profession needs: in law, medicine, "
    "bookkeeping, finance."
)
_NO_VERDICTS = (
    "No decision about a person's rights may be left to it alone, and it may not judge people by "
    "their behaviour or traits."
)
_NO_CRIME = "Crime, weapons, deceiving, harassing and spying on people are shut out by name."
_SAME_LIMITS = "Who passes the model on binds the receiver to the same limits."
_COPY = "Who passes the model on adds the licence and the notice it asks for."


def _limited(
    key: str, name: str, use: str, limits: tuple[str, ...], *conditions: str, text: str = ""
) -> LicenceTerms:
    return LicenceTerms(key, name, LicenceKind.LIMITS, use, limits, conditions, text or name)


def _users(number: str, maker: str) -> str:
    return f"Whose products have more than {number} users a month needs {maker}'s permission first."


def _income(amount: str, maker: str) -> str:
    return f"Organisations that take in more than {amount} a year need a paid licence from {maker}."


_META_USERS = (
    "Who had more than 700 million users a month when this version came out needs Meta's "
    "permission first."
)
_NO_TRAINING = "Neither the model nor its answers may be used to improve other language models."
_NO_IMPROVING = "Neither the model nor its answers may be used to improve other AI models."
_NO_EUROPE = (
    "Models of this family that take pictures are not licensed to people who live, and companies "
    "that are seated, in the European Union."
)
_LLAMA_NAME = "A model trained with it or with its answers has a name that begins with Llama."


def _llama(version: str, *more: str, built: str = "Built with Llama") -> LicenceTerms:
    conditions = [_COPY]
    if built:
        conditions.append(f"Who passes it on, or a product with it, shows “{built}”.")
    if version not in ("2", "3"):
        conditions.append(_LLAMA_NAME)
    limits = (_META_USERS, _NO_PRACTICE, _NO_CRIME, *more)
    name = f"Llama {version} Community License"
    text = f"Llama {version} Community License Agreement, with Meta's acceptable use policy"
    return _limited(f"llama{version}", name, _WITHIN, limits, *conditions, text=text)


_RAIL_LIMITS = (
    _NO_VERDICTS,
    "It may not give medical advice or read medical findings.",
    "It may not serve courts, police, immigration or asylum by predicting what people will do.",
    _NO_CRIME,
)


def _rail(key: str, name: str) -> LicenceTerms:
    return _limited(key, name, _WITHIN, _RAIL_LIMITS, _SAME_LIMITS, _COPY)


def _research(key: str, name: str, *more: str) -> LicenceTerms:
    return _limited(key, name, _RESEARCH, (NO_WORK, *more), _COPY)


_META = (
    _research("llama1", "LLaMA License of February 2023"),
    _llama("2", _NO_TRAINING, built=""),
    _llama("3", _NO_TRAINING, built="Built with Meta Llama 3"),
    _llama("3.1"),
    _llama("3.2", _NO_EUROPE),
    _llama("3.3"),
    _llama("4", _NO_EUROPE),
    _research("fair-research", "FAIR Noncommercial Research License"),
)
_GOOGLE = (
    _limited(
        "gemma",
        "Gemma Terms of Use",
        _WITHIN,
        (
            _NO_PRACTICE,
            "No decision on a person's money, rights, health, work or home may be left to it.",
            _NO_CRIME,
            "Google may forbid a use that breaks its list of forbidden uses.",
        ),
        _SAME_LIMITS,
        _COPY,
        "Files that were changed say so.",
        text="Gemma Terms of Use, with the Gemma Prohibited Use Policy",
    ),
    _limited(
        "health-ai-developer-foundations",
        "Health AI Developer Foundations Terms",
        _WITHIN,
        (
            "It may not be used to treat or diagnose people without the approval that medical "
            "devices need.",
            _NO_CRIME,
        ),
        _SAME_LIMITS,
        _COPY,
    ),
)
_ALIBABA = (
    _limited(
        "qwen",
        "Qwen License Agreement",
        ANY_USE,
        (_users("100 million", "Alibaba Cloud"),),
        _COPY,
        "A model trained with it or its answers and passed on shows “Built with Qwen”.",
    ),
    _limited(
        "tongyi-qianwen",
        "Tongyi Qianwen License Agreement",
        ANY_USE,
        (_users("100 million", "Alibaba Cloud"), _NO_TRAINING),
        _COPY,
    ),
    _research("qwen-research", "Qwen Research License Agreement"),
)
_MISTRAL = (
    _research(
        "mnpl",
        "Mistral AI Non-Production License",
        "What it writes may not be used for work either.",
    ),
    _research(
        "mrl",
        "Mistral AI Research License",
        "What it writes may not be used for work either.",
    ),
)
_REVENUE = (
    _limited(
        "stabilityai-community",
        "Stability AI Community License",
        _WITHIN,
        (_income("1 million US dollars", "Stability AI"), _NO_IMPROVING, _NO_CRIME),
        "Who uses it for work registers with Stability AI.",
        "Who passes it on shows “Powered by Stability AI”.",
    ),
    _limited(
        "lfm1.0",
        "LFM Open License 1.0",
        _WITHIN,
        (_income("10 million US dollars", "Liquid AI"),),
        _COPY,
    ),
    _limited(
        "jamba-open",
        "Jamba Open Model License",
        _WITHIN,
        (_income("50 million US dollars", "AI21"), _NO_CRIME),
        _COPY,
    ),
)
_OTHERS = (
    _rail("bigscience-bloom-rail-1.0", "BigScience RAIL License 1.0"),
    _rail("bigscience-openrail-m", "BigScience OpenRAIL-M License"),
    _rail("openrail", "OpenRAIL License"),
    _limited(
        "bigcode-openrail-m",
        "BigCode OpenRAIL-M License",
        _WITHIN,
        (_NO_VERDICTS, "Medical advice needs the accreditation for it.", _NO_CRIME),
        _SAME_LIMITS,
        _COPY,
    ),
    _limited(
        "deepseek",
        "DeepSeek License Agreement",
        _WITHIN,
        ("Military use is shut out.", _NO_VERDICTS, _NO_CRIME),
        _SAME_LIMITS,
        _COPY,
    ),
    _limited(
        "falcon-llm",
        "TII Falcon License",
        _WITHIN,
        (
            "TII may change its list of forbidden uses at any time; what is forbidden then holds.",
            "Offering the largest model, Falcon 180B, to others as a service needs a licence of "
            "its own.",
        ),
        _SAME_LIMITS,
        "Who publishes about it says that it was built with TII's Falcon.",
    ),
    _limited(
        "yi",
        "Yi Series Models Community License Agreement",
        _WITHIN,
        (
            "Use for work is to be registered with 01.AI first.",
            "Military use is shut out.",
            _NO_CRIME,
        ),
        _COPY,
    ),
    _limited(
        "cohere-nc",
        "Creative Commons Attribution-NonCommercial 4.0 with Cohere Labs' acceptable use policy",
        _RESEARCH,
        (NO_WORK, _NO_CRIME),
        "Who passes the model on names Cohere and the licence.",
    ),
    _research("stabilityai-nc", "Stability AI Non-Commercial Research Community License"),
    _research("microsoft-research", "Microsoft Research License"),
    _research("exaone", "EXAONE AI Model License (NC)", "Its answers belong to LG."),
    _research("apple-amlr", "Apple Machine Learning Research Model License"),
    _limited(
        "nvidia-open-model",
        "NVIDIA Open Model License Agreement",
        ANY_USE,
        (
            "Who takes a safeguard of the model out without one as good in its place loses the "
            "licence.",
            "Uses against NVIDIA's terms for trustworthy AI are shut out.",
        ),
        _COPY,
    ),
    _limited(
        "databricks-open-model",
        "Databricks Open Model License",
        _WITHIN,
        (_users("700 million", "Databricks"), _NO_TRAINING, _NO_CRIME),
        _COPY,
    ),
    _limited(
        "tencent-hunyuan",
        "Tencent Hunyuan Community License Agreement",
        _WITHIN,
        (
            "It is not licensed in the European Union, the United Kingdom and South Korea.",
            _users("100 million", "Tencent"),
            _NO_IMPROVING,
            _NO_CRIME,
        ),
        _COPY,
    ),
    _limited(
        "modified-mit-kimi",
        "Modified MIT License of Moonshot AI",
        ANY_USE,
        (
            "Products with more than 100 million users a month, or that take in more than "
            "20 million US dollars a month, show the model's name.",
        ),
        _COPY,
    ),
)

MODEL_LICENCES: tuple[LicenceTerms, ...] = (
    *_META,
    *_GOOGLE,
    *_ALIBABA,
    *_MISTRAL,
    *_REVENUE,
    *_OTHERS,
)
