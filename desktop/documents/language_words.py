"""The small words and word endings by which languages in one script are told apart.

Written by hand, not counted from anybody's texts: for each language some sixty of the words that
no page of it does without (articles, pronouns, prepositions, conjunctions, forms of to be and to
have), and for languages that join these to their nouns the commonest endings, marked by "-". A
word of several languages counts for each of them, but less. `tests/unit/documents/test_language.py`
measures what they are worth.
"""

from __future__ import annotations

LATIN = {
    "en": """
        the of and to in is that was for it as with his on be at by had not are but from or have
        an they which one you were her all their there been if more when will would who so no
        she has what can any other this its than into we our should may these those such your
        about did does how where why most only some over also made after many them two first
        could then between
    """,
    "de": """
        der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es
        an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen
        so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ihre ihr wir
        ich alle einander wenn diese dieser kann keine unter seine was wer wo wann warum welche
        welcher welches wurden viele dort ob ihm ihn ja schon kein sowie etwa doch jedoch
        während beim gegen liegt liegen steht stehen habe hatte hatten waren worden bin mir mich
        uns euch
    """,
    "fr": """
        de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il
        sont avec ou son mais comme on aux ses leur cette nous été elle ils sa être ont aussi
        deux même ces tout vous fait peut doivent tous sans entre où après si quel quelle quels
        quelles quand comment pourquoi combien qu'est-ce lors depuis c'est d'un d'une l'un très
    """,
    "es": """
        de la que el en y a los se del las un por con no una su para es al lo como más o pero
        sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había
        era muy años hasta desde está mi porque qué sólo han yo hay uno nos otros todos deben
        donde cuál cuándo cómo quién dónde cuántos cuántas cuáles fueron tenía dentro durante
        cada antes esto ellos e mientras hacia según tiene puede
    """,
    "it": """
        di e il la che in a per un del è della i le non una con si da dei al sono più alla nel
        ha come gli delle lo dal anche dell ma se su ad o tra essere stato questo loro suo era
        cui sua nella hanno all stati tutti devono ogni ed dalla degli fra due dopo prima quale
        quali quando dove perché chi quanti cosa quanto viene può nei sul sulla dalle agli
    """,
    "pt": """
        de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele
        das à seu sua ou quando muito nos já está eu também só pelo pela até isso ela entre
        depois sem mesmo aos seus quem nas me esse eles você foi ser são todos têm há devem uns
        outros qual quais onde quantos porque pode sobre ainda durante cada antes num numa
    """,
    "gl": """
        de a o que e do da en un para con non unha os no se na por máis as dos como mais ao el
        das á seu súa ou cando moi nos xa está eu tamén só pola polo ata isto ela entre despois
        sen mesmo aos seus quen nas foi ser son todos teñen hai deben uns outros iguais tódolos
        toda cal onde polos
    """,
    "ca": """
        de la i el que a en els per les del un una es amb no al són com dels més ha va seva però
        aquest o seu també ser fer si ho hi han pel aquesta entre sobre fins des quan molt tots
        seves altres on dues dos estat cal deuen què qui quins foren
    """,
    "ro": """
        de și în a la cu pe care din nu un o se pentru este mai că sunt fi au prin sau ca între
        lor al ale după dar fost cel către ei lui despre toate trebuie această acest unei unui
        sale iar ai cei fără ce era numai dintre asupra avea ele unde când cine cum câți
    """,
    "nl": """
        de van een het en in is dat op te zijn met voor niet aan er om ook als dan maar bij of
        uit nog worden door naar heeft hebben over ze zich hij wordt tot je deze die werd geen
        kan zij meer wat onder tussen elkaar ons jegens hun tegen alle dient wie waar wanneer
        waarom hoe welke hoeveel veel haar na sinds
    """,
    "af": """
        die van 'n en in is het dat op te nie met vir aan om ook as sy wat word hulle ons deur
        ek of was by maar hy kan na dit sal moet jy my so uit oor gelyke tot behoort
    """,
    "sv": """
        och i att det som en på är av för med den till har de inte om ett men var jag sig från
        vi så kan han när efter också under vid eller nu sin där hade mot ska skall skulle varit
        alla över bli andra ut detta än hon utan blev mycket dem samt varandra födda vad vem
        varför hur vilken vilket vilka genom sedan några något många lika bör hos mellan ligger
    """,
    "da": """
        og i sådan disse at det som en på er af for med den til har de ikke om et men var jeg
        sig fra vi så kan han når efter også under ved eller nu sin der havde mod skal skulle
        været alle over blive andre ud dette end hun uden blev meget dem hvad hver hinanden mere
        bør født hvem hvor hvornår hvorfor hvordan hvilken hvilke lige nogle noget kunne ville
        ind bliver selv mellem mange deres både ligger udstyret
    """,
    "no": """
        og i ved slik disse at det som en på er av for med den til har de ikke om et men var jeg
        seg fra vi så kan han når etter også under eller nå sin der hadde mot skal skulle vært
        alle over bli andre ut dette enn hun uten ble mye dem hva hver hverandre mer bør født
        ein ikkje eg vera frå dei meir noko ho ei kvar kva vart hvem hvor hvorfor hvordan
        hvilken hvilke like noen noe kunne ville inn blir selv mellom mange deres både utstyrt
        åt fødde eit eigen skulde ligger
    """,
    "is": """
        og í að það sem á er af fyrir með til hefur ekki um en var ég sig frá við svo þegar
        eftir einnig undir eða nú þar hafði skal vera allir yfir aðrir þetta hún án varð mjög þá
        hver þeir eru hann ber
    """,
    "fi": """
        ja on ei että oli se hän joka mutta ovat kun niin myös kuin tai sen jos mitä hänen jotka
        sitä mukaan ole kaikki vain jo vielä sekä voi olla ollut he ne jonka tämä tämän kanssa
        noin nyt koska eli siitä ihmiset heille toisiaan tulee missä milloin kuka miksi miten
        kuinka monta mikä -ssa -ssä -sta -stä -lla -llä -lle -ksi -nen -vat -vät -isia -tään
        -ista -iden -oja
    """,
    "et": """
        ja on ei et oli see ta kes aga kui nii ka või mis oma seda kõik ning mida nad veel siis
        ma olid nende välja selle üks peab teda kus ainult juba kuid mille olnud tema pärast
        inimesed neile -ks -del -test -tud -vad -mine -st -le -sse
    """,
    "hu": """
        a az és hogy nem is egy ez volt van de meg csak el már ha mint vagy még ki azt fel ezt
        minden le be én kell mert lehet sem amely között ő aki után vele nagy pedig hol mikor
        miért hogyan melyik mennyi mi -ban -ben -nak -nek -val -vel -ból -ből -hoz -hez -ság
        -ség -okat -eket -tól -től
    """,
    "tr": """
        ve bir bu da de için ile olarak çok daha olan gibi en kadar sonra ne olduğu var ya ama o
        her değil ise veya diye göre tarafından ancak ben iki kendi hem bunu şey bütün nasıl
        nerede kim hangi kaç neden olup ilk -lar -ler -dır -dir -mak -mek -nın -nin -ların
        -lerin -lıdır -lidir -arı -eri -mış -yor
    """,
    "az": """
        və bir bu da üçün ilə olaraq çox daha olan kimi ən qədər sonra nə var amma hər deyil isə
        ya görə öz ki o bütün azad -lar -lər -dır -dir -maq -mək -nın -nin -ların -lərin -dan
        -dən
    """,
    "pl": """
        i w na z do się nie jest że to o jak po ale za od przez przy oraz są co dla jego tym ich
        był tak już być może jej tego który która które lub tylko także też pod ze ma czy jako
        wszyscy wobec mają powinni swoim innych gdzie kiedy kto dlaczego ile jaki jaka przed
    """,
    "cs": """
        a v na se je že s z do o to jako pro za ve by k si po od jsou ale tak které jeho který
        byl aby nebo jsem při jen však jak až už být která před podle bylo také mezi není
        všichni má mají mohou tím jejich kde kdy kdo proč kolik jaký
    """,
    "sk": """
        a v na sa je že s z do o to ako pre za vo by k si po od sú ale tak ktoré jeho ktorý bol
        aby alebo som pri len však až už byť ktorá pred podľa bolo tiež medzi nie všetci má majú
        môžu tým ich
    """,
    "sl": """
        in v na se je da za so z ki po od pa tudi ne kot bi pri iz ali do to s ga bil sem še kar
        le svoje bilo pod med že jih vsi imajo morajo njegov lahko drug drugim vse
    """,
    "hr": """
        i u na se je da za su od s koji kao ne o iz do ili što bi po ali te biti sve to sam samo
        prema kako nije bio koja koje njegov već više među može svi treba imaju oni jedan
    """,
    "lt": """
        ir į kad yra iš ne su o kaip apie bet tai už buvo po jo tik dėl nuo ar gali būti jų taip
        pat per prie savo kuris visi turi vieni kitais žmonės lietuvos -mas -imas -iai -ių -ams
        -ose -uose -ės -us
    """,
    "lv": """
        un ir ka ar no uz par kas to bet nav kā tā gan vai arī pie savu kurš tas lai vēl bija
        viņš viņi pēc pret visi ko jau tikai tiem tie apveltīti -iem -ām -ības -ību -ajiem -ējs
    """,
    "sq": """
        të e në i që dhe një për me nuk nga se u si ka është janë do duhet gjithë njerëzit ndaj
        kjo ky por ishte ose më tyre tij saj mund kanë
    """,
    "eu": """
        eta da ez dira du bat izan dute edo baina ere hau bere dituzte egin den beste guztiak
        zen arte egon gizon-emakume -aren -ean -etan -eko -ekin -tzen -tako -rekin -arekin
    """,
    "vi": """
        và của là có được các người những cho trong một không với đã này để khi từ như đến về ra
        cũng hay phải vào trên sự đều quyền nhân bị tại năm mọi nhau
    """,
    "id": """
        dan yang di untuk dari dengan pada dalam adalah ini itu tidak akan oleh sebagai telah
        atau juga karena mereka ada dapat lebih orang kepada bagi semua satu sama lain
        dilahirkan saya kita ia tersebut
    """,
    "tl": """
        ang ng sa na at mga ay ito ni kay para hindi siya may nang si isang ako lahat kanilang
        dapat isa bawat tao
    """,
    "sw": """
        na ya wa kwa ni katika za la kama hii si au huo watu wote ili kuwa yake hiyo lakini wake
        cha hao mwingine wana kila
    """,
    "ga": """
        agus an na a i is ar go le do leis bhí sé ní atá ag mar tá sí den don as gach chun siad
        faoi bheith daoine ina cé
    """,
    "cy": """
        y yr a i o yn ar ac ei mae am eu i'r gan fod oedd wedi hyn bod at wrth nid eich pob
        genir rhyddid dylai
    """,
    "la": """
        et in est non ad ut cum ex quod qui sed si de esse a per ab quae sunt aut hoc enim atque
        etiam omnes nec eius
    """,
    "eo": """
        la kaj de en estas al ke por kun ne mi tio sed pri li ili oni el kiu aŭ havas ĉiuj homoj
        ankaŭ devus unu alian
    """,
}
CYRILLIC = {
    "ru": """
        и в не на я что с он как это по но из у за от то же для так все мы его бы к она их о при
        или был были также быть который только если кто где когда почему сколько какой какая чем
        до после
    """,
    "uk": """
        і в не на що з як це та до за у від для є він так й але про його вони бути який або всі
        ми також після було якщо
    """,
    "be": """
        і ў не на што з як гэта да за у ад для ён так але пра яго яны быць які або усе мы
        таксама пасля было калі
    """,
    "bg": """
        и в не на че с как това да се от за по той е са но го ги си към при или бил също който
        само ако всички която трябва
    """,
    "sr": """
        и у не на да се је за су од с као из или што би по али те бити све само како није био
        који која према већ сви треба
    """,
    "mk": """
        и во не на да се е за со од како ќе што ги но кои која при или бил само ако сите треба
        мора тие
    """,
    "kk": "және мен бір бұл үшін да де жоқ бар емес деп сол олар барлық адамдар керек",
    "mn": "ба нь бол байна юм энэ тэр нэг гэж хүн бүр эрх чөлөөтэй байх",
}
ARABIC = {
    "ar": """
        في من على أن إلى التي عن لا ما هذا هذه الذي مع كان بين ذلك كل أو هو هي قد وقد وهو كما لم
        جميع الناس و حيث بعد
    """,
    "fa": """
        در و به از که این را با است برای آن یک خود تا کرد بر هم نیز شده بود می ها های شود باید
        یا تمام همه
    """,
    "ur": "کے میں کی ہے اور سے کا کو اس ہیں کہ نے پر یہ بھی ایک کر تھا جو ہو گیا نہیں تو تمام",
}
DEVANAGARI = {
    "hi": """
        के में की है और से का को इस हैं कि ने पर यह भी एक कर था जो हो गया नहीं तो सभी अपने तथा
        प्राप्त किया मामले जाता होता लिए किसी द्वारा बाद साथ उन अधिकारों उन्हें
    """,
    "mr": "आणि आहे या व तो ते की हे आहेत एक होते मध्ये साठी केली नाही त्या सर्व यांनी असे",
    "ne": "र छ को मा लाई छन् यो एक हुन् गर्ने पनि हुने भएको गरेको तथा सबै",
}
