# De overeenkomst, model 2. Een datadeal wordt over deze woorden getekend: zij veranderen nooit, een wijziging is een nieuw model.

agreement-title = Datadeal { $number }
agreement-subject = “{ $title }”
agreement-article = { $n }. { $heading }
agreement-clause = { $n } { $id } ({ $kind ->
    [promise] belofte
    [duty] plicht
    [delivery] manier van leveren
    [fee] vergoeding
   *[term] aanvullend voorschrift
})
agreement-clause-due = Termijn: { $due }.
agreement-clause-law = Juridische basis: { $law }.

agreement-heading-1 = Deze datadeal
agreement-text-1 = Dit is datadeal { $number } over de dataset “{ $title }”. Hij voert besluit { $decision } uit. Het algemene deel volgt model { $template }. De artikelen en bepalingen hebben in het Nederlands en in het Engels dezelfde nummers.

agreement-heading-2 = Partijen
agreement-text-2 = Deze datadeal wordt gesloten tussen de verstrekker en de hergebruiker. Ieder heeft zijn zetel zoals vermeld in het genoemde register.
agreement-provider = Verstrekker: { $name }, { $number }
agreement-provider-for = Verstrekker: { $name }, { $number }, namens { $body }
agreement-reuser = Hergebruiker: { $name }, { $number }

agreement-heading-3 = Wie tekent
agreement-text-3 = Voor de verstrekker tekent: { $function }, op grond van { $authority }. Voor de hergebruiker tekent degene die deze datadeal aanvaardt. De aanvaarding vermeldt diens functie en bevoegdheid. Personen staan met naam in een apart document. Dat kan worden gewist zonder een handtekening te raken.
agreement-authority-mandate = het mandaat met controlegetal { $digest }
agreement-authority-register = het register: { $entry }
agreement-authority-automatic = de gepubliceerde voorwaarden, waarvoor { $official } verantwoordelijk is

agreement-heading-4 = Contact en berichten
agreement-text-4 = Binnen vijf werkdagen na ondertekening laat elke partij de andere weten wie zij kan bereiken over de inhoud, privacy, beveiliging en facturen. Berichten zijn schriftelijk: via het portaal waar deze datadeal is gesloten, of aan het adres van de andere partij in haar register. Vragen kunnen ook telefonisch worden gesteld.

agreement-heading-5 = Grondslag
agreement-text-5 = De verstrekker geeft de gegevens omdat de wet dat toestaat. De wet die hierover gaat is: { $law } ({ $regime ->
    [open] open data
    [who] regels voor hergebruik van overheidsinformatie
    [dga] datagovernanceverordening
    [sector] wet voor deze sector
   *[other] regime { $regime }
}). De verstrekker geeft de gegevens op deze grondslag:
agreement-ground = { $label } ({ $law })

agreement-heading-6 = Begrippen
agreement-text-6 = Gegevens: wat artikel 7 beschrijft, en elke kopie daarvan. Resultaat: wat de hergebruiker met de gegevens maakt en waaruit de gegevens niet opnieuw zijn af te leiden. Persoonsgegevens: gegevens over iemand die bekend is of bekend kan worden. Incident: een lek, verlies of misbruik van de gegevens, of gebruik in strijd met deze datadeal. Derde: ieder ander dan de verstrekker, de hergebruiker en wie onder gezag van een van hen werkt.

agreement-heading-7 = De gegevens
agreement-text-7 = De verstrekker geeft de gegevens die hier staan. De catalogus beschrijft de kwaliteit en bekende beperkingen. De gegevens worden gegeven zoals zij zijn.
agreement-data-dataset = Dataset: { $title }, { $iri }
agreement-data-version = Versie van de dataset: { $digest }
agreement-data-columns = Kolommen: { $columns }
agreement-data-no-columns = Kolommen: de dataset wordt gegeven zoals beschreven in de catalogus, zonder lijst van kolommen
agreement-data-level = Niveau: { $level }
agreement-data-editions = Edities: { $editions }
agreement-data-every-edition = Edities: elke editie die tijdens de looptijd verschijnt
agreement-data-from = Gegevens vanaf: { $from }
agreement-data-until = Gegevens { $until }
agreement-data-linkage = Eigen bestanden waarmee mag worden gekoppeld: { $linkage }
agreement-data-no-linkage = Eigen bestanden waarmee mag worden gekoppeld: geen
agreement-data-volume = Vragen of records per dag: hooguit { $volume }

agreement-heading-8 = Doel en gebruik
agreement-text-8 = De hergebruiker gebruikt de gegevens voor dit doel: { $purpose }. Voor dit doel mag hij de gegevens kopiëren, ordenen en analyseren. Hij koppelt ze alleen met andere bestanden voor zover artikel 7 dat zegt. Hij probeert geen personen te herkennen die de gegevens niet zelf noemen, en maakt pseudoniemen of andere bescherming niet ongedaan. Behalve voor zover het doel zelf dat vraagt, maakt hij geen profielen van personen, en verkoopt, leent of verhuurt hij de gegevens niet. Hij mag met de gegevens een model trainen, maar alleen voor dit doel. Een model waaruit de gegevens opnieuw zijn af te leiden, telt als gegevens.

agreement-heading-9 = Gebruikers, verwerkers en plaats
agreement-text-9 = Alleen wie onder gezag van de hergebruiker werkt en de gegevens voor het doel nodig heeft, gebruikt ze. De hergebruiker houdt een lijst van deze personen bij. Een verwerker werkt onder een schriftelijk contract met de plichten van deze datadeal. De gegevens worden verwerkt in de landen die in het verzoek staan. Noemt het verzoek er geen, dan binnen de Europese Economische Ruimte.

agreement-heading-10 = Gegevensbescherming
agreement-text-10 = { $personal ->
    [yes] De gegevens bevatten persoonsgegevens. De verstrekker is verwerkingsverantwoordelijke voor het geven, de hergebruiker voor zijn gebruik. De verstrekker geeft ze op de grondslag van artikel 5. De hergebruiker heeft een eigen grondslag en kan die aantonen. Hij gebruikt bijzondere persoonsgegevens alleen waar de wet dat toestaat. Hij informeert de betrokkenen en beoordeelt de gevolgen van zijn gebruik waar de Algemene verordening gegevensbescherming (AVG) dat vraagt. Hij beantwoordt hun verzoeken over zijn gebruik, en geeft verzoeken over de bron door aan de verstrekker. Hij brengt geen persoonsgegevens buiten de Europese Economische Ruimte zonder basis in de AVG. Beslissen de partijen samen over het gebruik, of werkt de een in opdracht van de ander, dan begint het gebruik pas als zij de regeling hebben getekend die de AVG dan vraagt.
   *[no] Voor zover de verstrekker weet, bevatten de gegevens geen persoonsgegevens. Vindt de hergebruiker toch persoonsgegevens, dan stopt hij het gebruik daarvan, laat hij het de verstrekker zonder uitstel weten, en handelt hij naar de Algemene verordening gegevensbescherming (AVG).
}

agreement-heading-11 = Rechten van anderen en geheimen
agreement-text-11 = Deze datadeal draagt geen rechten over. De hergebruiker houdt zich aan auteursrecht, databankrecht, bedrijfsgeheimen en statistische geheimhouding van de verstrekker en van derden.

agreement-heading-12 = Levering
agreement-text-12 = De verstrekker geeft de gegevens zo snel mogelijk nadat deze datadeal geldt (artikel 32), en laat de hergebruiker weten vanaf welke dag. Plaats, kanaal en formaat zijn die van de catalogus. De verstrekker zorgt dat de gegevens bereikbaar zijn, maar garandeert dat niet. Hij kondigt geplande onderbrekingen vooraf aan. Wie hulp nodig heeft, vraagt het aan het contact van artikel 4.

agreement-heading-13 = Beveiliging
agreement-text-13 = De hergebruiker beschermt de gegevens tegen verlies en misbruik, zoals de stand van de techniek vraagt. In elk geval: toegang met een persoonlijk account voor alleen de personen van artikel 9, versleuteling bij overdracht en in opslag, en vastleggen wie de gegevens gebruikte. Op verzoek laat de hergebruiker zien hoe hij dit doet.

agreement-heading-14 = Bepalingen uit de voorwaarden
agreement-text-14 = { $clauses ->
    [0] De voorwaarden van deze dataset voegen geen bepalingen toe.
   *[other] Deze bepalingen komen uit de voorwaarden van de dataset. Elke bepaling heeft de naam van haar voorwaarde. Gaan een bepaling en een ander artikel over hetzelfde onderwerp, dan gaat de bepaling voor.
}

agreement-heading-15 = Aanvullende voorschriften
agreement-text-15 = { $terms ->
    [0] De verstrekker heeft geen voorschriften toegevoegd.
   *[other] De verstrekker heeft deze voorschriften aan zijn besluit toegevoegd, met zijn redenen. Gaan een voorschrift en een ander artikel over hetzelfde onderwerp, dan gaat het voorschrift voor.
}

agreement-heading-16 = Resultaten
agreement-text-16 = De resultaten zijn van de hergebruiker. Hij mag ze gebruiken en publiceren in een vorm waaruit niemand kan leren wat de gegevens over één persoon of bedrijf zeggen. Hij noemt de verstrekker als bron, en wekt niet de indruk dat de verstrekker de resultaten onderschrijft. Een model of bestand waaruit de gegevens opnieuw zijn af te leiden, is geen resultaat (artikelen 6 en 8).

agreement-heading-17 = Doorgeven
agreement-text-17 = De hergebruiker geeft de gegevens niet door aan derden. Uitzonderingen: de wet verplicht hem ertoe, of een bepaling of de verstrekker schriftelijk staat het toe. In het tweede geval aanvaardt de derde eerst dezelfde bepalingen.

agreement-heading-18 = Looptijd
agreement-text-18 = Deze datadeal loopt van { $from } { $until }. Hij wordt niet vanzelf verlengd. In de laatste drie maanden kan de verstrekker een datadeal aanbieden die erop volgt, als die aan de voorwaarden van die dag voldoet. Wie andere gegevens of een ander doel wil, dient een nieuw verzoek in. Verloopt voor het einde bewijs waarop deze datadeal rust, dan levert de hergebruiker op tijd nieuw bewijs in; anders geldt artikel 26.

agreement-heading-19 = Bewaren en vernietigen
agreement-text-19 = De hergebruiker bewaart de gegevens niet langer dan het doel vraagt, en niet na het einde van deze datadeal. Dan vernietigt hij de gegevens met alle kopieën, en bevestigt dat schriftelijk binnen dertig dagen. De resultaten mag hij houden. Wat hij van de wet moet bewaren, bewaart hij zolang de wet zegt en gebruikt hij nergens anders voor. De artikelen 8, 10, 11, 16, 17, 19, 24, 27, 28 en 30 blijven na het einde gelden.

agreement-heading-20 = Vergoeding
agreement-text-20 = { $fees ->
    [0] Er is geen vergoeding verschuldigd.
   *[other] De hergebruiker betaalt de vergoeding die hier staat, naar het gepubliceerde tarief. Een korting telt voor de hergebruiker voor wie zij op de dag van ondertekening is bedoeld. De wet begrenst wat de vergoeding mag dekken. De verstrekker stuurt een factuur.
} Deze datadeal geeft geen alleenrecht.
agreement-fee = { $id }: { $tariff }

agreement-heading-21 = Tegenprestatie
agreement-text-21 = De hergebruiker is geen andere tegenprestatie verschuldigd dan een bepaling van artikel 14 of 15 noemt.

agreement-heading-22 = Verslag en terugmelding
agreement-text-22 = De hergebruiker laat de verstrekker weten welke fouten hij in de gegevens vindt. Als de verstrekker erom vraagt, maar niet vaker dan eens per jaar, zegt hij kort waarvoor hij de gegevens gebruikte. Andere verslagen is hij alleen verschuldigd waar een bepaling die vraagt.

agreement-heading-23 = Incidenten
agreement-text-23 = { $incident ->
    [none] De hergebruiker meldt elk incident zonder uitstel bij de verstrekker, en uiterlijk drie dagen na ontdekking.
   *[other] De hergebruiker meldt elk incident bij de verstrekker, binnen de termijn die { $incident } stelt.
} De melding zegt wat er gebeurde, om welke gegevens en personen het gaat, en wat eraan is gedaan. De hergebruiker beperkt de schade.

agreement-heading-24 = Toezicht
agreement-text-24 = De verstrekker mag controleren of de hergebruiker zich aan deze datadeal houdt. Hij kondigt een controle tien werkdagen vooraf aan, behalve bij een ernstig vermoeden. De hergebruiker geeft de informatie die nodig is. Elke partij draagt haar eigen kosten. Blijkt uit de controle een ernstige schending, dan draagt de hergebruiker de kosten van de controle.

agreement-heading-25 = Wijzigingen
agreement-text-25 = Een wijziging van deze datadeal is een nieuw record dat beide partijen tekenen. Een nieuwe versie van de voorwaarden raakt deze datadeal alleen als die versie dat zegt, en vanaf de dag die zij noemt. De verstrekker bekijkt deze datadeal dan opnieuw, en artikel 26 geldt als hij niet meer voldoet. Elke andere nieuwe versie telt vanaf een verlenging. Dwingt de wet tot een wijziging, dan zegt de verstrekker dat twee maanden vooraf, of zo lang vooraf als de wet toelaat. De hergebruiker mag deze datadeal dan beëindigen.

agreement-heading-26 = Schorsing en einde
agreement-text-26 = De hergebruiker mag deze datadeal op elk moment met een bericht beëindigen. De verstrekker mag deze datadeal schorsen na een incident, bij een ernstig vermoeden daarvan, of als niet meer aan een voorwaarde is voldaan. Hij mag deze datadeal intrekken als het besluit van artikel 1 eindigt, als aan een voorwaarde niet voldaan blijft, of als de hergebruiker deze datadeal schendt en dat niet herstelt binnen een redelijke termijn die de verstrekker heeft gesteld. Hij hoort de hergebruiker eerst, tenzij dat niet kan wachten, en zegt bij elke schorsing en intrekking waar en tot wanneer de hergebruiker bezwaar kan maken. Tijdens een schorsing bewaart de hergebruiker de gegevens alleen veilig. Na het einde geldt artikel 19. Resultaten die eerder zijn gemaakt en gepubliceerd, blijven bestaan. Deze datadeal eindigt als de hergebruiker failliet gaat of ophoudt te bestaan. Hij gaat alleen over op een opvolger als de verstrekker daar schriftelijk mee instemt.

agreement-heading-27 = Bewijs en taal
agreement-text-27 = De partijen aanvaarden de ondertekende records en hun vermelding in het logboek als bewijs van inhoud, volgorde en tijdstip, behoudens tegenbewijs. De handtekening van de verstrekker heeft het niveau “{ $level ->
    [advanced] geavanceerd (naar eigen zeggen)
   *[simple] gewoon
}”, en de sleutel wordt bewaard door { $holder ->
    [service] de dienst
   *[self] de verstrekker zelf
}. De aanvaarding vermeldt hetzelfde van de hergebruiker. Verschillen de Nederlandse en de Engelse tekst, dan geldt de { $language ->
    [nl] Nederlandse
   *[en] Engelse
} tekst.

agreement-heading-28 = Aansprakelijkheid
agreement-text-28 = De verstrekker belooft niet dat de gegevens volledig, juist of geschikt voor het doel zijn. Hij is niet aansprakelijk voor schade door het gebruik van de gegevens. De hergebruiker is aansprakelijk voor schade die ontstaat doordat hij deze datadeal schendt. Dit artikel beperkt niets bij opzet of grove schuld, of bij een plicht uit het recht op gegevensbescherming.

agreement-heading-29 = Openbaarheid
agreement-text-29 = De verstrekker publiceert de hoofdpunten van deze datadeal in zijn register: partijen, dataset, doel, looptijd, vergoeding en bepalingen. Hij noemt daar geen natuurlijke personen. Deze datadeal valt onder de Wet open overheid (Woo). Wil een partij dat bedrijfsgeheimen geheim blijven, dan merkt zij die en zegt waarom.

agreement-heading-30 = Klachten en geschillen
agreement-text-30 = Een klacht gaat eerst naar het contact van artikel 4. Dat antwoordt binnen vier weken. Op deze datadeal is Nederlands recht van toepassing. Over een geschil beslist de bevoegde rechter van het arrondissement waar de verstrekker zijn zetel heeft. Tegen het besluit van artikel 1 staan bezwaar en beroep open zoals dat besluit zegt.

agreement-heading-31 = Bijlagen
agreement-text-31 = Deze documenten horen bij deze datadeal. Hun controlegetallen tonen dat niemand ze sindsdien heeft veranderd. De invoer van het besluit noemt de voorwaarden, de feiten en het tijdstip van het besluit.
agreement-annex-decision = Besluit { $decision }: { $digest }
agreement-annex-input = Invoer van het besluit: { $digest }
agreement-annex-dataset = Dataset zoals beschreven in artikel 7: { $digest }

agreement-heading-32 = Ondertekening
agreement-text-32 = De verstrekker tekent deze datadeal als aanbod. Het aanbod geldt { $offer }. De hergebruiker aanvaardt het door een record te tekenen dat de controlegetallen van deze datadeal en van deze woorden noemt. De datadeal geldt als beide records in het logboek staan. Elk record vermeldt zijn dag en het niveau van zijn handtekening, en het logboek geeft elk een nummer en een bewijs. Iedereen kan dit nagaan zonder in te loggen: datadeal verify BESTAND --log-key SLEUTEL.
