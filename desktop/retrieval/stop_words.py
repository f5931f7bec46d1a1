"""Words that stand in nearly every passage and so tell none from another."""

from __future__ import annotations

from collections.abc import Iterable

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each for from had has have
    having he her here hers him his how i if in into is it its itself just me more most my no
    nor not of off on once only or other our out over own same she should so some such than that
    the their them then there these they this those through to too under until up upon us very
    was we were what when where which while who whom whose why will with would you your
    """.split()
)

# The commonest words of other languages. Some are telling words of English ("war", "die"), so
# they count in questions alone that hold more of these than of the English ones.
_FOREIGN_WORDS = """
    aber als am auf aus bei bis das dass dem den der des die dies diese dieser ein eine einem einen
    einer eines er es für hat hatte ich im ist kann mit nach nicht oder sich sie sind um und vom von
    vor war waren warum was welche welchem welchen welcher welches wann wem wen wenn wer werden
    wessen wie wird wo wurde wurden zu zum zur über
    al ante como con cual cuál cuales cuáles cuando cuándo cuanta cuánta cuantos cuántos de del
    donde dónde durante e el ella ellos en entre era eran es esta está este fue fueron ha había
    hasta la las le lo los más o para pero por porque qué que quien quién quiénes se según ser si
    sobre son su sus también un una unas uno unos y
    au aux avec ce ces cet cette dans des du elle elles est et était il ils je leur les lui mais ne
    nous ont ou où par pas pour quand que quel quelle quelles quels qui sa sera ses sont sous sur
    une vous
    agli ai alla alle che chi ci cosa da dai dal dalla degli dei del della delle di dove gli ha i
    il in nel nella perché più quale quali quando quanto sono una
    ao aos às com da das do dos ele em foi mais na não nas no nos num onde os pela pelo qual quais
    quanto quem são sua suas um uma
    aan bij dat de deze die dit een het hoe hij hun is met niet om ook op te van voor waar wanneer
    wat welke werd wie wordt zijn
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было вот
    от меня о из ему кто где когда какой какая какие почему
    من في على إلى الى عن أن ان ما ماذا متى أين اين هل كم كيف لماذا الذي التي هو هي هذا هذه ذلك كان
    كانت تم قد لا لم و أو او مع بعد قبل كل أي اي بين
""".split()

# What questions say beside what they ask for, in words that documents seldom use otherwise.
_OF_QUESTIONS = "many much ours please tell theirs yours".split()

_ENGLISH = STOP_WORDS | frozenset(_OF_QUESTIONS)
_FOREIGN = frozenset(_FOREIGN_WORDS)

# How an answer is wanted says nothing about where it stands.
ABOUT_THE_ANSWER = frozenset(
    """
    abilities according accordance addressing analyst answer answering answers approach asked asking
    assume assumed assuming assumption best briefly calculate calculated clearly conclusions decimal
    decimals describe detail detailed details discuss drawing explain explanation following give
    given indicated judgments metric outlined percents perspective please primarily provide provided
    question questions relevant rely relying respond response round rounded shown solely standpoint
    stated summarise summarize useful using utilize utilizing viewpoint
    """.split()
)


def stop_words_of(words: Iterable[str]) -> frozenset[str]:
    """The stop words of the language that a question's words, in small letters, are of."""
    words = list(words)
    english = sum(word in STOP_WORDS for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    return _FOREIGN | _ENGLISH if foreign > english else _ENGLISH
