"""What kind of signal a text is: what its place says, unless its words say more."""

import re
from dataclasses import dataclass
from functools import cached_property

from features.sources.tables import COMPANY_KINDS
from features.sources.web.sentences import sentences_of
from features.sources.web.texts import LONGEST_QUOTATION, cut, without_contacts
from features.sources.web.wording import plain

HEADED_BY = 600
"""Letters of a text that tell its kind: a title and what follows, not what a long article also mentions."""


@dataclass(frozen=True)
class Kind:
    """A kind of signal that words can show.

    `weight` is what a text of this kind is worth as a sign of buying, 0 to 1. `patterns` are looked for in
    small letters without accents. Each example is of this kind, each counter-example is not.
    """

    name: str
    told: str
    weight: float
    patterns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(rf"\b(?:{pattern})" for pattern in self.patterns))

    def is_shown_by(self, text: str) -> bool:
        """Tell whether the words of a text show this kind."""
        return self.shows_in(smoothed(text))

    def shows_in(self, smooth: str) -> bool:
        """Do as `is_shown_by` with a text that is smoothed already."""
        return bool(self.patterns) and self._pattern.search(smooth) is not None


def smoothed(text: str) -> str:
    """Return a text as patterns are looked for in it: plain, in one line."""
    return " ".join(plain(text).split())


TOLD_BY_WORDS = (
    Kind(
        "funding",
        "money raised",
        0.6,
        patterns=(
            r"(?:raises?|raised|secures?|secured|closes?|closed) [^.]{0,40}(?:million|funding|"
            r"financing|round|investment)",
            r"(?:series [a-e]|seed|funding|financing) round",
            r"(?:ronda|rondas) de (?:financiacion|inversion|capital)|(?:capta|levanta|cierra|"
            r"obtiene) [^.]{0,40}(?:millones|financiacion|inversion)",
            r"levee de fonds|leve(?:nt|ra)? [^.]{0,30}million|boucle [^.]{0,30}(?:financement|tour)|"
            r"tour de table de",
            r"(?:yatirim|fon|finansman) (?:aldi|turu)|milyon [^.]{0,20}yatirim|yatirim turunu",
        ),
        examples=(
            "Contoso raises 12 million euros to take its milk sensors abroad.",
            "We closed a Series A round led by Northwind Ventures.",
            "La startup capta tres millones en una ronda de financiación.",
            "La jeune pousse annonce une levée de fonds de 5 millions d'euros.",
            "Girişimimiz iki milyon avro yatırım aldı.",
        ),
        counter_examples=(
            "The tractor raises the plough at the end of the field.",
            "Levanta la tapa y deja enfriar la sopa.",
            "Il lève le bras et la séance est levée.",
            "Belediye yeni parka fon müziği seçti.",
        ),
    ),
    Kind(
        "merger",
        "companies joined or bought",
        0.6,
        patterns=(
            r"(?:acquires?|acquired|to acquire|acquisition of|(?:takes?|took) over(?! (?:as|from) )|"
            r"taken over by|merges? with|merged with|merger (?:of|with|between)|buys? a (?:majority )?stake)",
            r"(?:adquiere|adquirio|compra (?:el|la|una|a) [^.]{0,30}(?:empresa|compania|participacion)"
            r"|adquisicion de|se fusiona|fusion (?:con|entre)|absorbe a)",
            r"(?:acquiert|rachete\b|rachat (?:de|d)\b[^.]{0,30}(?:societe|entreprise|groupe)|"
            r"acquisition d|fusionne(?:nt)? avec|fusion (?:avec|entre)|prend(?:ra)? le controle|"
            r"reprend(?:ra)? la societe)",
            r"(?:satin aldi|satin aliyor|satin alma(?:si|yi)? tamamla|devraldi|devraliyor|"
            r"sirket birlesme\w*|birlesme anlasma\w*|ile birlesiyor|bunyesine katti)",
        ),
        examples=(
            "Fabrikam acquires a maker of scales in Leeds.",
            "La cooperativa adquiere una bodega y se fusiona con su vecina.",
            "Le groupe rachète la société nantaise Ponant.",
            "Holding, İzmirli yazılım şirketini satın aldı.",
        ),
        counter_examples=(
            "She took her time over breakfast.",
            "Two virtual machines take over from the server in our cellar.",
            "Maria takes over as head of finance.",
            "Compra dos entradas y lleva una gratis.",
            "On fusionne le beurre et le sucre au bain-marie ? Non, on les fond.",
            "Sonbaharda kuşlar güneye uçar.",
        ),
    ),
    Kind(
        "job_posting",
        "a job offered",
        0.9,
        patterns=(
            r"(?:we(?: are|'re) (?:hiring|recruiting|looking for an? )|we (?:seek|want) an? |(?:is|"
            r"are) (?:hiring|recruiting)|join our team|(?:administrator|engineer|developer|consultant|"
            r"manager|analyst|technician|officer|architect|trainer|lead|bookkeeper) (?:wanted|needed|"
            r"required|sought)|wanted: |(?:your (?:tasks|profile|responsibilities)|what you(?:'ll|"
            r" will) do|apply (?:now|by|today)|job description))",
            r"(?:buscamos|se busca|contratamos|incorporamos|seleccionamos|necesitamos) (?:a )?(?:un |"
            r"una |personal )?[^.]{0,30}(?:administrador|ingenier|desarrollador|programador|consultor|"
            r"tecnic|analista|responsable|jef[ea]|especialista|arquitect|formador)|oferta de empleo|"
            r"requisitos:|se (?:valora|pide|ofrece) |unete al equipo|vacante",
            r"(?:(?:nous )?(?:recrutons|recherchons|embauchons|cherchons)|(?:re)?cherche) (?:un |une |"
            r"notre )?[^.]{0,30}(?:administrat|ingenieur|developpeu|consultant|technicien|analyste|"
            r"responsable|chef|charge|architecte|specialiste|formatrice|formateur)|offre d'emploi|"
            r"poste (?:ouvert|a pourvoir)|profil (?:souhaite|recherche)|rejoignez (?:notre|l')|\bcdi\b",
            r"(?:araniyor|ariyoruz|aramaktayiz|alinacaktir|ise alim|is ilani|"
            r"ekibimize katil\w*|basvuru(?:lar|nuzu)?|aranan nitelikler)",
        ),
        examples=(
            "We are hiring an Azure administrator for our Leeds office.",
            "Dynamics consultant wanted, part time.",
            "Buscamos ingeniera de datos con experiencia en BigQuery.",
            "Nous recrutons un architecte cloud.",
            "Salesforce yöneticisi arıyoruz.",
        ),
        counter_examples=(
            "Bicycle hire by the hour at the harbour.",
            "Buscamos setas los domingos de otoño.",
            "Nous cherchons des champignons le dimanche.",
            "Pazar günleri mantar topluyoruz.",
        ),
    ),
    Kind(
        "event",
        "a meeting announced",
        0.7,
        patterns=(
            r"(?:webinar|workshop|conference|seminar|breakfast (?:briefing|meeting)|round table|meetup"
            r"|open day|trade fair|(?:join|meet|visit) (?:us|our \w+) (?:at|on|for)|see you at|"
            r"stand [a-z]?\d|booth \w*\d|register (?:now|here|by)|evening (?:talk|class)|user group)",
            r"(?:webinar|seminario|taller|jornada|congreso|feria|mesa redonda|charla|encuentro|"
            r"desayuno (?:sobre|de trabajo)|inscri(?:bete|pcion|banse)|visitenos en|nos vemos en)",
            r"(?:webinaire|atelier(?: gratuit| technique| pratique)?\s?:|seminaire|salon (?:de|du|des)"
            r"|conference|table ronde|petit.dejeuner|journee (?:des|clients|technique)|"
            r"rendez.vous (?:au|a|le)|retrouvez.nous|inscri(?:vez|ption)|stand [a-z]?\d|rencontrez)",
            r"(?:webinar|(?:ucretsiz|cevrimici) (?:bir )?atolye|atolye\s?:|seminer|konferans|fuar(?:i|"
            r"inda|da)?|yuvarlak masa|bulusma(?:si|miz|da)?|soylesi|kullanici gunu|standimiz\w*|"
            r"etkinlik|kayit ol\w*)",
        ),
        examples=(
            "Free webinar: moving a bakery to the cloud, 14 March.",
            "Jornada gratuita en Zaragoza sobre Azure, con inscripción previa.",
            "Retrouvez-nous au salon de Lyon, stand B27.",
            "Ücretsiz atölye: Copilot ile rapor yazmak, 5 Mayıs.",
        ),
        counter_examples=(
            "Our invoices are paid within a week.",
            "Pagamos las facturas en una semana.",
            "Les factures sont payées sous huit jours.",
            "Faturalar bir haftada ödenir.",
        ),
    ),
    Kind(
        "technology_retired",
        "a technology given up",
        0.9,
        patterns=(
            r"(?:switch(?:es|ed|ing)? off|shut(?:s|ting)? down|decommission\w*|retir(?:es?|ed|"
            r"ing) (?:our|its|the|an? old)|say(?:s|ing)? goodbye to|phas(?:es?|ed|ing) out|mov(?:e|es|"
            r"ed|ing) away from|(?:leave|leaves|left|leaving) (?:our |its |"
            r"the )?(?:old )?(?:salesforce|gmail|google|sap|sage|on.premises|servers?|system))",
            r"(?:apaga\w*|hemos apagado|jubil\w+|retira\w*|abandona\w*|deja\w* (?:de usar|atras)|"
            r"se despide de|adios a|damos de baja) [^.]{0,40}(?:servidor|sistema|programa|software|"
            r"aplicacion|plataforma|salesforce|gmail|sage|sap|version)",
            r"(?:eteint|arrete|abandonne\w*|quitte\w*|se separe de|dit adieu a|met hors service|"
            r"retire\w*|debranch\w+) [^.]{0,40}(?:serveur|systeme|logiciel|application|plateforme|"
            r"salesforce|gmail|sage|sap|version)",
            r"(?:kullanimdan kaldir\w*|devre disi birak\w*|emekliye ayir\w*|birakt(?:i|ik)|"
            r"veda ett\w*|kapatiyoruz|kapatildi|terk ett\w*)",
        ),
        examples=(
            "On Friday we switch off the last Exchange server.",
            "La empresa jubila su viejo programa de almacén.",
            "La mutuelle éteint ses derniers serveurs.",
            "Eski CRM yazılımımızı kullanımdan kaldırdık.",
        ),
        counter_examples=(
            "Our colleague Ruth retires after forty years at the loom.",
            "El abuelo se jubila en mayo.",
            "Le chat quitte la maison à l'aube.",
            "Müdürümüz emekli oldu.",
        ),
    ),
    Kind(
        "technology_adopted",
        "a technology taken up",
        1.0,
        patterns=(
            r"(?:(?:goes|went|going) live (?:with|on)|roll(?:s|ed|ing)? out|(?:has |have |is |are |"
            r"we )?(?:adopt(?:s|ed|ing)?|implement(?:s|ed|ing)|deploy(?:s|ed|ing)?|introduc(?:es|ed|"
            r"ing)) (?!a rule|the bill)|(?:has |have |was |were |is being |are being |we )migrat(?:es|"
            r"ed|ing)|mov(?:es|ed|ing) (?:[^.]{0,40} )?(?:in)?to (?:the cloud|azure|aws|google|"
            r"microsoft|dynamics|business central|salesforce)|(?:chose|chooses|selected|selects|"
            r"picked) [^.]{0,30}(?:as (?:our|its|the)|platform|system|crm|erp|azure|aws|dynamics))",
            r"(?:implant(?:a|amos|o|an|ado)|adopt(?:a|amos|o|an|ado)|desplieg\w+|ponemos? en marcha|"
            r"(?:ha|hemos|han) migrado|migramos|pasa(?:mos|n|ron)? (?:todo )?[^.]{0,30}a (?:la nube|"
            r"azure|aws|google|microsoft|dynamics|business central)|traslad\w+ [^.]{0,40}a (?:la nube|"
            r"azure|aws)|hemos elegido|elige [^.]{0,30}como)",
            r"(?:deplo(?:ie|ye|yons|iement)\w*|met(?:tons)? en place|adopt(?:e|ons|ent)|(?:a|avons|"
            r"ont) migre\b|migrons|migrent|bascul\w+|passe(?:nt|ons)? (?:[^.]{0,30} )?(?:a|sur|sous|"
            r"dans) (?:azure|aws|google|microsoft|dynamics|business central|le cloud)|a choisi|"
            r"choisit [^.]{0,30}comme)",
            r"(?:devreye al\w*|canliya (?:al|gec)\w*|kullanmaya basla\w*|(?:buluta|azure.?a|"
            r"aws.?ye|[a-z0-9]+.[ae]) (?:tasidi\w*|gectik|gecti|geciyor\w*|tasiyor\w*)|kurdu(?:k)?\b|"
            r"hayata gecir\w*|tercih ett\w*)",
        ),
        examples=(
            "Our seven shops went live with Business Central on Monday.",
            "The trust adopted Microsoft 365 for all of its schools.",
            "Implantamos un CRM en las tres sedes.",
            "La commune déploie Azure Virtual Desktop.",
            "Yeni ERP sistemini devreye aldık.",
        ),
        counter_examples=(
            "Sourdough should rest for a night.",
            "Las cigüeñas duermen en la torre.",
            "Le facteur passe à neuf heures.",
            "Perşembeleri pazarımız kuruluyor.",
        ),
    ),
    Kind(
        "size_change",
        "growth or shrinking",
        0.5,
        patterns=(
            r"(?:opens? (?:a|an|its|our|two|three) (?:new|second|third|\w+ new) [^.]{0,20}(?:office|"
            r"branch|site|plant|shop|store|warehouse|showroom)|new jobs|creat(?:e|es|"
            r"ing) [^.]{0,20}jobs|lay(?:s|ing)? off|laid off|redundanc\w+|jobs will go|headcount|"
            r"doubl(?:es?|ed|ing) (?:its|our|the) (?:staff|team|workforce)|clos(?:es|ing) (?:its|our|"
            r"the) [^.]{0,20}(?:plant|branch|site))",
            r"(?:abr(?:e|imos|ira) (?:una|su|dos|tres)? ?(?:nueva|segunda|tercera|"
            r"nuevas)? ?[^.]{0,15}(?:sede|oficina|planta|tienda|delegacion|sucursal)|"
            r"amplia(?:mos)? (?:la )?plantilla|nuevos puestos|crea(?:ra)? [^.]{0,15}(?:empleos|"
            r"puestos)|despid\w+|despedira|\bere\b|dobla(?:mos)? la plantilla|cierra (?:la|"
            r"su) (?:planta|sucursal))",
            r"(?:ouvr(?:e|ons|ira) (?:un|une|son|sa|deux|trois) [^.]{0,20}(?:agence|bureau|usine|"
            r"magasin|site|entrepot)|ouverture d'un[e]? [^.]{0,20}(?:agence|bureau|usine|magasin|site)"
            r"|cree(?:r|ra)? [^.]{0,15}(?:emplois|postes)|licenciement\w*|plan social|double(?:r|"
            r"nt)? (?:ses|nos|l') ?effectif\w*|suppression de [^.]{0,15}postes|ferme (?:son|sa|"
            r"l') ?(?:usine|agence|site))",
            r"(?:yeni|ikinci|ucuncu) (?:ofis|sube|fabrika|magaza|tesis)\w* (?:acti|aciyor|acildi)\w*|"
            r"(?:ofis|sube|fabrika|magaza|tesis)(?:i|si|imizi|mizi|sini|ini)? (?:acti|actik|aciyor|"
            r"aciyoruz)|kisiyi? ise al\w*|yeni istihdam|isten cikar\w*|kadro(?:sunu|"
            r"muzu) (?:iki katina|buyut)\w*|(?:fabrikasini|subesini) kapat\w*",
        ),
        examples=(
            "We open a second warehouse in Hull and create forty jobs.",
            "Abrimos una nueva oficina en Murcia y ampliamos plantilla.",
            "Le groupe ouvre une agence à Brest.",
            "İkinci mağazamızı açtık ve kadromuzu büyütüyoruz.",
        ),
        counter_examples=(
            "The library opens at nine.",
            "La panadería abre a las seis.",
            "Le musée ouvre ses portes dimanche.",
            "Müze pazar günü açık.",
        ),
    ),
    Kind(
        "press_release",
        "news of the company",
        0.8,
        patterns=(
            r"(?:press release|press information|for immediate release|announced today|announces today"
            r"|media contact|is pleased to announce)",
            r"(?:nota de prensa|comunicado de prensa|anuncia hoy|ha anunciado|gabinete de prensa)",
            r"(?:communique(?: de presse)?|annonce aujourd'hui|a annonce|contact presse|dossier de presse)",
            r"(?:basin (?:bulteni|bilgisi|aciklamasi|duyurusu)|duyurdu|kamuoyuna)",
        ),
        examples=(
            "Press release: Fabrikam presents its new scale.",
            "Nota de prensa: la cooperativa presenta su memoria.",
            "Communiqué de presse du 3 mars.",
            "Basın bülteni: yeni halat serimiz tanıtıldı.",
        ),
        counter_examples=(
            "Press the button for two seconds.",
            "La prensa de aceite se limpia cada día.",
            "Le pressoir ouvre en octobre.",
            "Üzüm presi ekimde çalışır.",
        ),
    ),
)
"""Kinds that words can show; of several the first counts."""
TOLD_BY_PLACE = (
    Kind("content_download", "a document fetched", 0.7),
    Kind("forum_post", "a question or an answer in a forum", 0.7),
    Kind("blog_post", "an article", 0.6),
    Kind("social_post", "a post in a network", 0.5),
    Kind("site_visit", "a visit to a page", 0.4),
)
KINDS = (*TOLD_BY_WORDS, *TOLD_BY_PLACE)
OPEN = ("blog_post", "press_release")
"""Kinds of which the words may say more; a job, an event, a visit stay what their place says they are."""
_WEIGHTS = {kind.name: kind.weight for kind in KINDS}


def kind_of(text: str, usual: str) -> str:
    """Return the first kind that the head of a text shows, else `usual`, which is what its place says."""
    if usual not in OPEN:
        return usual
    head = smoothed(text[:HEADED_BY])
    return next((kind.name for kind in TOLD_BY_WORDS if kind.shows_in(head)), usual)


def company_kind_of(text: str, usual: str) -> str | None:
    """Do as `kind_of` where that is news about the company itself; None where it is not."""
    if usual not in OPEN:
        return None
    head = smoothed(text[:HEADED_BY])
    if not any(kind.shows_in(head) for kind in TOLD_BY_WORDS if kind.name in COMPANY_KINDS):
        return None
    kind = kind_of(text, usual)
    return kind if kind in COMPANY_KINDS else None


def sentence_showing(kind: str, text: str) -> str:
    """Return the first sentence of a text whose words show a kind, else its first, cut to a quotation."""
    sentences = sentences_of(without_contacts(text))
    (declared,) = (one for one in TOLD_BY_WORDS if one.name == kind)
    shown = next((one for one in sentences if declared.is_shown_by(one)), next(iter(sentences), ""))
    return cut(shown, LONGEST_QUOTATION)


def strength(probability: float, kind: str) -> float:
    """Return how strong a signal is: the probability of its topic times the weight of its kind."""
    return round(probability * _WEIGHTS[kind], 3)
