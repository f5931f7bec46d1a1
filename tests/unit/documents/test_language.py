"""The language of a text: what its script decides, what small words decide, when to be unsure."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from desktop.documents.language import LanguageSample, language_of
from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Block, BlockKind, Page
from desktop.domain.settings import DocumentSettings
from tests.support.shared_data import shared_data

LINES = {
    "en": "The keys are in the drawer of the desk that stands by the window.",
    "de": "Die Schlüssel liegen in der Schublade des Tisches, der am Fenster steht.",
    "fr": "Les clés sont dans le tiroir du bureau qui se trouve près de la fenêtre.",
    "es": "Las llaves están en el cajón del escritorio que está junto a la ventana.",
    "it": "Le chiavi sono nel cassetto della scrivania che si trova vicino alla finestra.",
    "pt": "As chaves estão na gaveta da mesa que fica ao lado da janela, não no armário.",
    "nl": "De sleutels liggen in de la van het bureau dat bij het raam staat.",
    "sv": "Nycklarna ligger i lådan på skrivbordet som står vid fönstret, inte i skåpet.",
    "da": "Nøglerne ligger i skuffen på bordet, som står ved siden af vinduet, og ikke i skabet.",
    "no": "Nøklene ligger i skuffen på skrivebordet som står ved vinduet, og ikke slik de pleier.",
    "pl": "Klucze są w szufladzie biurka, które stoi przy oknie, a nie w szafie.",
    "cs": "Klíče jsou v zásuvce stolu, který stojí u okna, a ne ve skříni.",
    "tr": "Anahtarlar pencerenin yanında duran masanın çekmecesinde, dolapta değil ve bu çok iyi.",
    "fi": "Avaimet ovat pöydän laatikossa, joka on ikkunan vieressä, eivätkä kaapissa.",
    "hu": "A kulcsok az ablak mellett álló asztal fiókjában vannak, és nem a szekrényben.",
    "ro": "Cheile sunt în sertarul biroului care se află lângă fereastră și nu în dulap.",
    "ru": "Ключи лежат в ящике стола, который стоит у окна, а не в шкафу.",
    "uk": "Ключі лежать у шухляді столу, що стоїть біля вікна, а не в шафі.",
    "bg": "Ключовете са в чекмеджето на бюрото, което е до прозореца, а не в шкафа.",
    "el": "Τα κλειδιά είναι στο συρτάρι του γραφείου δίπλα στο παράθυρο.",
    "he": "המפתחות נמצאים במגירה של השולחן שליד החלון.",
    "ar": "المفاتيح في درج المكتب الذي يقع بجانب النافذة.",
    "fa": "کلیدها در کشوی میزی است که کنار پنجره قرار دارد.",
    "hi": "चाबियाँ उस मेज़ की दराज में हैं जो खिड़की के पास रखी है।",
    "th": "กุญแจอยู่ในลิ้นชักของโต๊ะที่อยู่ข้างหน้าต่าง",
    "zh": "钥匙在窗边那张桌子的抽屉里。",
    "ja": "鍵は窓のそばにある机の引き出しに入っています。",
    "ko": "열쇠는 창가에 있는 책상 서랍 안에 있습니다.",
}


@pytest.mark.parametrize(("language", "line"), LINES.items(), ids=list(LINES))
def test_a_line_is_enough(language: str, line: str) -> None:
    assert language_of(line) == language


@pytest.mark.parametrize(
    "text", ["", "1,234.50 EUR", "Qwrtz plmk vbnx jhgf dfgh xcvb tzui.", "OK", "INV-2024-0017 | 7"]
)
def test_what_is_no_prose_has_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_what_most_of_the_text_is_written_in_counts() -> None:
    assert language_of(LINES["de"] * 3 + LINES["en"]) == "de"
    assert language_of(LINES["ja"] + " PDF Word Excel") == "ja"


def test_menus_and_code_do_not_count() -> None:
    texts = [LINES["en"] * 3, LINES["fr"], LINES["en"] * 3]
    kinds = [BlockKind.HEADER, BlockKind.PARAGRAPH, BlockKind.CODE]
    blocks, start = [], 0
    for kind, text in zip(kinds, texts, strict=True):
        blocks.append(Block(kind, start, start + len(text)))
        start += len(text)
    sample = LanguageSample()
    sample.add(Page(1, "".join(texts), tuple(blocks)))
    assert sample.language() == "fr"


def test_the_reader_says_which_language_a_file_is_in(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LINES["es"] * 3, encoding="utf-8")
    reader = DocumentReader(DocumentSettings())
    try:
        assert reader.read(path, CancelToken()).facts.language == "es"
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("dataset", "language"),
    [
        ("squad", "en"),
        ("xquad/ar", "ar"),
        ("xquad/de", "de"),
        ("xquad/es", "es"),
        ("xquad/zh", "zh"),
    ],
)
def test_paragraphs_of_the_evaluation_data_are_recognised(dataset: str, language: str) -> None:
    lines = (shared_data("retrieval") / dataset / "corpus.jsonl").read_text(encoding="utf-8")
    texts = [json.loads(line)["text"] for line in lines.splitlines()[:300]]
    found = Counter(map(language_of, texts))
    wrong = sum(found.values()) - found[language] - found[""]
    assert found[language] >= 0.98 * len(texts)
    assert wrong <= 0.01 * len(texts)
