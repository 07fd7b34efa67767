"""What a text can be about: the products' topics and their rivals', with the words that speak for each."""

from dataclasses import dataclass

from features.products import PRODUCTS, Product


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of signals and the words by which people speak of it.

    `names` are proper names, counted only where they are not written in small letters; `terms` are words of
    English, Spanish, French and Turkish. A star at the end of a word stands for any ending. Neither decides
    anything: they are features of the classifier, which learns from the corpus what they are worth.
    """

    name: str
    meaning: str
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


TOPICS = (
    Topic(
        "azure",
        "Microsoft Azure and its services.",
        names=_words(
            "Azure, AKS, AZ-104, AZ-305, AZ-900, AZ-500, Entra ID, Bicep, ExpressRoute, Cosmos DB, "
            "Microsoft Fabric"
        ),
        terms=_words(
            "microsoft's cloud, nube de microsoft, cloud microsoft, cloud de microsoft, microsoft bulut*"
        ),
    ),
    Topic(
        "cloud migration",
        "Moving servers, applications or data from own machines to a cloud.",
        names=_words("VMware, Cloud First"),
        terms=_words(
            "migrat*, data cent*, on premises, off premises, on premise, server room, own racks, rehost*, "
            "replatform*, lift and shift, cutover, legacy system*, cloud first, cloud move, "
            "cloud readiness, hosting cost*, to the cloud, in the cloud, colocation, into the cloud, "
            "physical server*, hypervisor*, migra*, a la nube, en la nube, nube publica, "
            "sala de servidores, centro de datos, servidor* local*, servidor* fisico*, servidor* propi*, "
            "hardware propio, infraestructura propia, carga* de trabajo, la nube primero, salle* serveur*, "
            "vers le cloud, dans le cloud, cloud public, hebergement cloud, hebergeur cloud, "
            "centre de donnees, sur site, charge* de travail, serveur* physique*, serveur* loca*, bascul*, "
            "cloud d'abord, passage au cloud, bulut*, buluta, bulut altyapi*, sistem odas*, veri merkez*, "
            "yerel sunucu*, fiziksel sunucu*, is yuk*, tasima plan*, goc, sanal makine*"
        ),
    ),
    Topic(
        "aws",
        "Amazon Web Services.",
        names=_words(
            "AWS, Amazon Web Services, EC2, S3, RDS, Lambda, DynamoDB, CloudFront, Redshift, SageMaker, "
            "Fargate, EKS, ECS, CloudFormation, Kinesis, Route 53, GuardDuty, Graviton, us-east-1, "
            "Bedrock, Amazon Aurora, Glacier, API Gateway, CloudWatch"
        ),
        terms=_words("amazon's cloud, nube de amazon, cloud d'amazon, amazon'un bulut*"),
    ),
    Topic(
        "google cloud",
        "Google Cloud Platform.",
        names=_words(
            "Google Cloud, GCP, BigQuery, Vertex AI, Cloud Run, GKE, Firestore, Dataflow, Looker, Apigee, "
            "Cloud Spanner, TPU, Anthos, Chronicle, Pub/Sub, Cloud Storage, Compute Engine, "
            "Professional Cloud Architect"
        ),
    ),
    Topic(
        "microsoft 365",
        "Microsoft 365 or Office 365: mail, Office, OneDrive, SharePoint, Teams.",
        names=_words(
            "Microsoft 365, Office 365, M365, O365, Exchange Online, Outlook, OneDrive, SharePoint, "
            "Microsoft Teams, Teams, Business Premium, Business Basic, Business Standard, E3, E5, OneNote, "
            "Excel, Word, PowerPoint, Viva, Planner"
        ),
    ),
    Topic(
        "collaboration",
        "Working together: meetings, chat, shared documents, intranets, hybrid work.",
        names=_words("Teams, Slack, Zoom, Webex, SharePoint, Meet, Miro, Confluence, Yammer, Viva Engage"),
        terms=_words(
            "hybrid work*, remote work*, remote team*, intranet*, video call*, online meeting*, "
            "hybrid meeting*, shared document*, shared folder*, shared file*, chat channel*, group chat, "
            "whiteboard*, digital workplace, teamwork, work* together, employee app, shared workspace, "
            "workspace*, asynchronous, from home, meeting room*, trabaj* desde casa, videollamada*, "
            "reunion* en linea, trabajo hibrido, teletrabaj*, trabajo en equipo, equipo* remoto*, "
            "carpeta* compartida*, archivo* compartido*, canal* de chat, pizarra*, colabor*, "
            "puesto de trabajo digital, documento* compartido*, sala* de reunion*, espacio de trabajo, "
            "chat de grupo, travail hybride, teletravail*, a distance, visio*, reunion* en ligne, "
            "salle* de reunion*, dossier* partage*, fichier* partage*, tableau* blanc*, travail* ensemble, "
            "travail d'equipe, travailler a plusieurs, canal de discussion, messagerie de groupe, "
            "collabor*, environnement de travail numerique, espace* de projet, espace partage, "
            "uzaktan calis*, evden calis*, hibrit calis*, goruntulu gorusme*, cevrimici toplanti*, "
            "toplanti oda*, toplanti salon*, ortak belge*, ortak klasor*, beyaz tahta*, sohbet kanal*, "
            "grup sohbet*, birlikte calis*, ekip calis*, dijital is yeri, dosya paylas*, ortak calisma, "
            "calisan uygulamasi*, es zamanli*"
        ),
    ),
    Topic(
        "copilot",
        "Microsoft Copilot and other assistants that write, sum up and answer at work.",
        names=_words("Copilot, Copilot Studio, GitHub Copilot, Microsoft 365 Copilot, ChatGPT"),
        terms=_words(
            "ai assistant*, generative ai, digital assistant*, prompt*, asistente* de ia, "
            "inteligencia artificial, ia generativa, asistente* de inteligencia, assistant* ia, "
            "assistant* d'intelligence, intelligence artificielle, ia generative, yapay zeka asistan*, "
            "uretken yapay zeka, dijital asistan*"
        ),
    ),
    Topic(
        "google workspace",
        "Google Workspace: Gmail, Drive, Docs, Meet.",
        names=_words(
            "Google Workspace, G Suite, Gmail, Google Drive, Google Docs, Google Sheets, Google Meet, "
            "Google Classroom, Apps Script, Chromebook*, Gemini, Google Calendar, Documentos de Google, "
            "Hojas de calculo de Google, Google Dokuman*, Google E-Tablo*, Google Agenda, Drive, Workspace"
        ),
        terms=_words(
            "google's office suite, suite ofimatica de google, suite bureautique de google, "
            "google'in ofis paket*"
        ),
    ),
    Topic(
        "security",
        "Protecting computers, networks and data from attack.",
        names=_words(
            "SOC, Microsoft Defender, Defender, Sentinel, MFA, CISO, SIEM, XDR, EDR, Zero Trust, "
            "ISO 27001, RSSI, GuardDuty, Fortinet, VPN"
        ),
        terms=_words(
            "phishing*, ransomware*, malware*, cyber*, hacker*, hacked, vulnerab*, penetration test*, "
            "pentest*, information security, security team, security review, incident response, attacker*, "
            "intruder*, multi factor*, password*, firewall*, red team, credential*, breach*, zero trust, "
            "patched, patching, threat*, admin rights, encrypted, ciber*, ciberseguridad*, ataque*, "
            "contrasena*, doble factor, respuesta a incidentes, prueba* de intrusion, "
            "seguridad de la informacion, cortafuegos, atacante*, intrus*, parche*, parchear, fraudulent*, "
            "hameconnage*, rancongiciel*, cyberattaque*, cybersecurite*, mot* de passe, pirat*, faille*, "
            "test* d'intrusion, double authentification, securite informatique, securite des systemes, "
            "pare feu, correctif*, reponse aux incidents, oltalama*, fidye yazilim*, siber*, parola*, "
            "sifre*, zafiyet*, guvenlik acig*, sizma test*, bilgi guvenlig*, saldirgan*, saldiri*, "
            "cok faktorlu*, guvenlik duvar*, yamala*, yama*, tehdit*, kirmizi takim*, olay mudahale*, "
            "zararli yazilim*"
        ),
    ),
    Topic(
        "compliance",
        "Obeying rules on data: protection laws, audits, certificates, retention.",
        names=_words(
            "GDPR, RGPD, KVKK, VERBIS, NIS2, DORA, SOC 2, ISO 27001, ISO 27701, HIPAA, PCI DSS, CNIL, "
            "AEPD, HDS, ENS, DPO, Purview, AI Act, Esquema Nacional de Seguridad"
        ),
        terms=_words(
            "compliance*, data protection*, privacy officer*, patient privacy, retention*, auditor*, "
            "audit*, regulator*, regulat*, whistleblow*, access request*, records policy, e discovery, "
            "legal hold, risk register, data residency, processor contract*, internal control*, "
            "cumplimiento*, proteccion de datos, privacidad*, conservacion*, conservar, regulador*, "
            "canal de denuncias, normativ*, retencion*, delegado de proteccion, registro de tratamiento*, "
            "inspeccion*, conformite*, protection des donnees, vie privee, conservation*, auditeur*, "
            "reglement*, canal d'alerte, registre des traitements, delegue a la protection, "
            "controle interne, uyum, uyumlu*, kisisel veri*, veri koruma*, veri saklama*, saklama sure*, "
            "saklama, denetci*, denetim*, mevzuat*, yonetmelik*, gizlilik sorumlu*, acik riza*, "
            "aydinlatma metni, ihbar hatt*, teftis*, duzenleyici*, mahremiyet*, imha politika*"
        ),
    ),
    Topic(
        "endpoint protection rivals",
        "Endpoint protection of other makers.",
        names=_words(
            "CrowdStrike, Falcon, Sophos, Intercept X, SentinelOne, Kaspersky, ESET, Bitdefender, "
            "GravityZone, Trend Micro, Carbon Black, Cortex XDR, Palo Alto, McAfee, Trellix, Symantec, "
            "Norton, WithSecure, F-Secure, Panda, WatchGuard, Malwarebytes, Avast, AVG, Cylance, Webroot, "
            "Check Point, Huntress, Acronis, Avira, G Data"
        ),
        terms=_words("antivirus*, antimalware*"),
    ),
    Topic(
        "surface",
        "Microsoft Surface devices.",
        names=_words(
            "Surface, Microsoft Surface, Surface Pro, Surface Laptop, Surface Go, Surface Hub, "
            "Surface Dock, Surface Laptop Studio, Surface Book, Surface Studio"
        ),
    ),
    Topic(
        "device refresh",
        "Replacing computers: new laptops and desktops for old ones.",
        names=_words("Windows 10, Windows 11, Autopilot, Device as a Service"),
        terms=_words(
            "new computer*, new laptop*, new notebook*, replac* laptop*, old computer*, old equipment, "
            "old pc*, retired desktop*, hardware rollout, hardware refresh, docking station*, notebook*, "
            "workstation*, refresh, device as a service, thin client*, pc*, our pcs, desktop*, "
            "office machines, laptop*, end of life, ordenador* nuevo*, ordenador* viejo*, ordenador*, "
            "equipo* nuevo*, equipo* viejo*, parque de portatiles, renov* portatil*, portatil*, renovar, "
            "estaciones de trabajo, cliente* ligero*, tableta* nueva*, sobremesa*, "
            "puesto de trabajo como servicio, ordinateur*, nouveau* portable*, portable*, vieux poste*, "
            "poste* fixe*, parc de portables, renouvel*, station* de travail, station* d'accueil, "
            "client* leger*, parc informatique, nouvelle* tablette*, poste de travail en abonnement, "
            "dizustu*, masaust*, yeni bilgisayar*, eski bilgisayar*, bilgisayar*, donanim yenile*, "
            "is istasyon*, ince istemci*, hizmet olarak cihaz, yeni tablet*, baglanti istasyon*, "
            "cihaz yenile*"
        ),
    ),
    Topic(
        "laptop rivals",
        "Laptops of other makers.",
        names=_words(
            "MacBook*, MacBook Pro, MacBook Air, iMac*, iPad*, ThinkPad*, Lenovo, Dell, Latitude, XPS, "
            "EliteBook*, HP, Asus, Acer, ProBook*, IdeaPad, Toshiba, Dynabook, Fujitsu Lifebook, Jamf, "
            "Apple, ThinkBook, Framework, Samsung Galaxy Book, Chromebook*, Zbook, Precision, Yoga"
        ),
    ),
    Topic(
        "erp",
        "Enterprise resource planning: stock, purchasing, production and accounts in one system.",
        names=_words("ERP"),
        terms=_words(
            "erp*, enterprise resource planning, business management system*, general ledger, "
            "bills of material*, lot tracing, month end closing, stock program, inventory accuracy, "
            "demand planning, finance ledger, sistema* de gestion empresarial, "
            "sistema* integrado de gestion, lista* de materiales, cierre mensual, trazabilidad*, "
            "planificacion de la demanda, progiciel* de gestion*, systeme de gestion integre, "
            "nomenclature*, cloture mensuelle, tracabilite*, kurumsal kaynak planlama*, "
            "isletme yonetim sistem*, urun agac*, ay kapanis*, parti takib*, talep planlama*"
        ),
    ),
    Topic(
        "business central",
        "Dynamics 365 Business Central and its forerunner Navision.",
        names=_words(
            "Business Central, Dynamics 365 Business Central, Navision, Dynamics NAV, NAV, "
            "Microsoft Dynamics NAV, AL, Dynamics GP"
        ),
    ),
    Topic(
        "erp rivals",
        "Business systems of other makers.",
        names=_words(
            "Sage, Sage 50, Sage 100, Sage 200, SAP, SAP Business One, S/4HANA, Odoo, NetSuite, Oracle, "
            "Acumatica, QuickBooks, Xero, Infor, IFS, Epicor, Unit4, Holded, A3, Cegid, EBP, Divalto, "
            "Logo, Logo Tiger, Mikro, Netsis, Parasut, Exact, Workday, Syspro, Visma, Fortnox, Datev, "
            "Pennylane, Contaplus, Canias, Uyumsoft, Nebim, Katana, Priority, abas, proAlpha, Kingdee"
        ),
    ),
    Topic(
        "crm",
        "Customer relationship management: one record of every customer.",
        names=_words("CRM, Dynamics 365 Sales, Dynamics CRM, Customer Insights"),
        terms=_words(
            "crm*, customer relationship*, customer data, customer database*, contact record*, "
            "view of the customer, donor record*, relacion* con clientes, relacion* con los clientes, "
            "datos de clientes, base de clientes, fidelizacion*, vision unica del cliente, "
            "gestion de clientes, relation* client*, donnees clients, base clients, fidelisation*, "
            "vue unique du client, fiche* client*, musteri iliski*, musteri bilgi*, musteri veri*, "
            "musteri kart*, musteri takip*, musteri sadakat*"
        ),
    ),
    Topic(
        "sales automation",
        "Automating the work of selling: leads, follow-ups, quotes, forecasts.",
        names=_words("Sales Pro, CPQ, Outreach, Salesloft, SDR"),
        terms=_words(
            "lead scoring, lead*, pipeline*, follow up*, sales process, sales forecast*, forecast*, "
            "automat* quote*, sales automation, prospect*, cadence*, conversion rate*, cross sell*, "
            "sales engagement, sales operations, sales tool, reps, leads, embudo*, puntuacion*, "
            "seguimiento comercial, seguimiento*, prevision de ventas, automatizacion comercial, "
            "presupuesto* automatic*, comercial*, cadencia*, tasa* de conversion, venta cruzada, "
            "posible cliente, operaciones de venta, oportunidad*, relance*, devis, prevision des ventes, "
            "notation*, suivi commercial, cycle de vente, taux de conversion, vente* croisee*, commercia*, "
            "operations commerciales, satis hunisi, aday puan*, aday*, satis takib*, takip mesaj*, "
            "otomatik teklif, teklif*, satis tahmin*, satis otomasyon*, satis surec*, capraz satis, "
            "donusum oran*, potansiyel musteri*, satis operasyon*, temsilci*, satisci*, firsat*"
        ),
    ),
    Topic(
        "crm rivals",
        "Customer systems of other makers.",
        names=_words(
            "Salesforce, HubSpot, Zoho, Pipedrive, Freshsales, Freshworks, SugarCRM, Dreamforce, "
            "monday CRM, Apex, Lightning, Service Cloud, Sales Cloud, Sellsy, Insightly, Zendesk, Copper, "
            "Bitrix24, Close, Keap, Nutshell, Teamleader, amoCRM, ForceManager, Marketing Cloud, "
            "Trailhead, Pardot, Efficy, Axonaut"
        ),
    ),
    Topic(
        "low code",
        "Making applications without, or almost without, programming.",
        names=_words("Low-code, No-code"),
        terms=_words(
            "low code*, no code*, citizen developer*, app builder*, application builder*, "
            "without programming, without writing code, drag and drop, rapid application development, "
            "non programmer*, no programmer*, dragging boxes, own apps, lines of code, bajo codigo*, "
            "sin codigo*, sin programar, sin programador*, sin escribir codigo, desarrollador* ciudadano*, "
            "creador de apps, constructor visual, arrastr*, developpeur* citoyen*, sans programmer, "
            "sans ecrire de code, sans coder, glisser deposer, glissant, outil visuel, "
            "creation d'applications, dusuk kod*, kodsuz*, kod yazmadan, programlamadan, "
            "vatandas gelistirici*, surukle birak, surukle*, gorsel uygulama, uygulama olusturucu*"
        ),
    ),
    Topic(
        "power platform",
        "Microsoft Power Platform: Power Apps, Power Automate, Power BI, Dataverse.",
        names=_words(
            "Power Apps, Power App, Power Automate, Power Platform, Power BI, Power Pages, Dataverse, "
            "PL-400, PL-100, PL-300, PL-900, App in a Day, Power Fx, Power Virtual Agents"
        ),
    ),
    Topic(
        "low code rivals",
        "Low-code platforms of other makers.",
        names=_words(
            "Mendix, OutSystems, AppSheet, Bubble, Retool, Appian, Airtable, ServiceNow, Pega, Quickbase, "
            "FileMaker, Claris, Zoho Creator, Betty Blocks, Glide, Softr, Velneo, WinDev, Ksaar, "
            "Simplicite, Kuika, Xurrent, Caspio, Webflow, Adalo, Oracle APEX, Unqork, Creatio, Kissflow, "
            "Budibase, Thinkwise, Nintex"
        ),
    ),
)
"""Every topic of the default catalogue, own and rival."""


def topics_of(products: tuple[Product, ...] = PRODUCTS) -> tuple[str, ...]:
    """Return the names of all topics that `products` or their rivals are told by, sorted."""
    return tuple(
        sorted({topic for product in products for topic in (*product.topics, *product.rival_topics)})
    )
