"""Whether a loaded model computes anything: weights that were never written still load."""

from __future__ import annotations

import numpy as np

from desktop.domain.model_errors import ModelTrialFailed
from desktop.inference.llama_engine import LlamaEngine


def check_numbers(engine: LlamaEngine, path: str) -> None:
    """Read one token and look at what follows; raises `ModelTrialFailed`.

    Where the weights are no numbers, every word is as likely as none; where they are zeros, all
    words are alike. Such a model would answer, with nonsense.
    """
    functions = engine.functions
    vocabulary = functions.llama_model_get_vocab(engine.model)
    token = (functions.llama_token * 1)(max(0, functions.llama_vocab_bos(vocabulary)))
    failed = functions.llama_decode(engine.context, functions.llama_batch_get_one(token, 1))
    found = functions.llama_get_logits_ith(engine.context, -1)
    if failed or not found:
        raise ModelTrialFailed(path, f"llama.cpp computes nothing with it (code {failed})")
    words = functions.llama_vocab_n_tokens(vocabulary)
    weighed = np.ctypeslib.as_array(found, shape=(words,))
    # Words that are never to be written may weigh minus infinity.
    if np.isnan(weighed).any() or np.isposinf(weighed).any():
        raise ModelTrialFailed(path, "its weights are damaged: what it computes is no number")
    if weighed.min() == weighed.max():
        raise ModelTrialFailed(path, "its weights are empty or damaged: to it, all words are alike")
    functions.llama_memory_clear(functions.llama_get_memory(engine.context), True)
