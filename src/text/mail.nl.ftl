# E-mail over gebeurtenissen: één onderwerp en één tekst, naar gebeurtenis en lezer. Kort en zonder persoonlijke inhoud: de rest staat op het portaal.

mail-subject = { $event ->
    [organisation-asked] Een organisatie vraagt om toegevoegd te worden
    [mandate-withdrawn] Een mandaat is ingetrokken
    [evidence-lapsing] Een bewijsstuk van u verloopt binnenkort
    [request-received] { $party ->
        [owner] Nieuw verzoek om “{ $title }”
       *[reuser] Wij ontvingen uw verzoek om “{ $title }”
    }
    [request-completion-asked] Wij hebben meer nodig voor uw verzoek om “{ $title }”
    [request-completed] Een verzoek om “{ $title }” is aangevuld
    [request-review] Een verzoek om “{ $title }” wacht op een mens
    [request-term-changed] De termijn van uw verzoek om “{ $title }” is veranderd
    [request-due-soon] Beslis binnenkort: een verzoek om “{ $title }”
    [request-overdue] Te laat: een verzoek om “{ $title }”
    [request-decided] Besluit op { $party ->
        [owner] een verzoek
       *[reuser] uw verzoek
    } om “{ $title }”
    [objection-received] { $party ->
        [owner] Bezwaar tegen een besluit over “{ $title }”
       *[reuser] Wij ontvingen uw bezwaar over “{ $title }”
    }
    [objection-decided] Besluit op { $party ->
        [owner] een bezwaar
       *[reuser] uw bezwaar
    } over “{ $title }”
    [deal-offered] Een data deal ligt voor u klaar om te tekenen: “{ $title }”
    [deal-accepted] De data deal over “{ $title }” is actief
    [deal-intended] Wij willen uw data deal over “{ $title }” beëindigen
    [deal-intention-dropped] De data deal over “{ $title }” gaat door
    [deal-view-given] Een zienswijze over het einde van de data deal over “{ $title }”
    [deal-suspended] De data deal over “{ $title }” is opgeschort
    [deal-resumed] De data deal over “{ $title }” loopt weer
    [deal-revoked] De data deal over “{ $title }” is beëindigd
    [deal-ended] De hergebruiker zegde de data deal over “{ $title }” op
    [deal-objected] Een bezwaar over de data deal over “{ $title }”
    [user-named] Een gebruiker genoemd: “{ $title }”
    [user-removed] Een gebruiker verwijderd: “{ $title }”
    [deal-ending] De data deal over “{ $title }” eindigt binnenkort
    [deal-reviewed] Een data deal over “{ $title }” zou nu een ander antwoord krijgen
    [obligation-due] Er is binnenkort iets nodig voor uw data deal over “{ $title }”
    [obligation-overdue] Er is iets te laat bij de data deal over “{ $title }”
    [obligation-met] Gedaan voor de data deal over “{ $title }”
    [delivery-recorded] Gegevens geleverd: “{ $title }”
    [incident-reported] Incident bij de data deal over “{ $title }”
    [dataset-corrected] Gegevens van “{ $title }” zijn verbeterd
    [webhook-test] Proefbericht
   *[other] { $event }
}
mail-text = { $event ->
    [organisation-asked] Een organisatie vraagt om op het portaal te komen. Controleer het registernummer en bevestig of weiger dan.
    [mandate-withdrawn] Een mandaat waarmee iemand van uw organisatie handelt ({ $state }) is voor het einde ervan ingetrokken. Er kan niets meer mee worden besloten of goedgekeurd; wat eerder is gedaan blijft geldig.
    [evidence-lapsing] Een bewijsstuk waarop uw verzoeken en data deals kunnen rusten verloopt op { $day }. Geef op tijd een nieuwer bewijs: zonder bewijs kan een data deal worden opgeschort.
    [request-received] { $party ->
        [owner] Er is een verzoek om “{ $title }” ontvangen. Er is tijd om te beslissen tot en met { $day }.
       *[reuser] Wij ontvingen uw verzoek om “{ $title }”. U hoort van ons uiterlijk op { $day }.
    }
    [request-completion-asked] Om op uw verzoek om “{ $title }” te kunnen beslissen missen wij nog iets van u. Op het portaal staat wat. Stuur dit uiterlijk op { $day }. Tot dan staat de termijn stil. Komt het niet, dan behandelen wij uw verzoek mogelijk niet verder.
    [request-completed] De aanvrager van “{ $title }” heeft het verzoek aangevuld of gewijzigd. Goedkeuringen van wat eerder gevraagd was tellen niet meer.
    [request-review] Een verzoek om “{ $title }” wacht op een mens: op een goedkeuring, of op bevestiging van de uitkomst.
    [request-term-changed] De termijn om op uw verzoek om “{ $title }” te beslissen is veranderd. Op het portaal staat waarom. U hoort van ons uiterlijk op { $day }.
    [request-due-soon] De termijn om op een verzoek om “{ $title }” te beslissen eindigt op { $day }.
    [request-overdue] De termijn om op een verzoek om “{ $title }” te beslissen eindigde op { $day }. Het besluit moet nog genomen worden; dat het te laat is verandert niets aan de inhoud.
    [request-decided] { $party ->
        [owner] Een verzoek om “{ $title }” is geëindigd: { $state ->
            [granted] toegewezen
            [partly_granted] deels toegewezen
            [refused] afgewezen
            [no_ground] geen grond in de wet
            [withdrawn] ingetrokken
            [forwarded] doorgestuurd
            [not_considered] buiten behandeling gelaten
           *[other] { $state }
        }.
       *[reuser] { $state ->
            [granted] Uw verzoek om “{ $title }” is toegewezen. Is er een data deal nodig, dan krijgt u die aangeboden.
            [partly_granted] Uw verzoek om “{ $title }” is voor een deel toegewezen.
            [refused] Uw verzoek om “{ $title }” is afgewezen.
            [no_ground] De wet staat niet toe dat wij u geven wat u van “{ $title }” vroeg.
            [withdrawn] U hebt uw verzoek om “{ $title }” ingetrokken. Het is geëindigd.
            [forwarded] Uw verzoek om “{ $title }” is doorgestuurd naar het orgaan dat erop moet beslissen.
            [not_considered] Uw verzoek om “{ $title }” wordt niet verder behandeld.
           *[other] Uw verzoek om “{ $title }” is geëindigd.
        } Op het portaal staat de brief met het besluit. Daarin staan de redenen, en tot wanneer en waar u bezwaar kunt maken.
    }
    [objection-received] { $party ->
        [owner] Er is bezwaar gemaakt tegen een besluit over “{ $title }”. Er is tijd om te beslissen tot en met { $day }. Iemand anders moet beslissen dan wie het eerste besluit nam.
       *[reuser] Wij ontvingen uw bezwaar over “{ $title }”. U hoort van ons uiterlijk op { $day }.
    }
    [objection-decided] { $party ->
        [owner] Er is beslist op een bezwaar over “{ $title }”.
       *[reuser] Er is beslist op uw bezwaar over “{ $title }”. Op het portaal staat de brief met de redenen, en wat u nog kunt doen.
    }
    [deal-offered] Een data deal over “{ $title }” ligt klaar om te tekenen. Lees hem op het portaal en aanvaard hem uiterlijk op { $day }; daarna vervalt het aanbod.
    [deal-accepted] De data deal over “{ $title }” is door beide partijen getekend en actief. Op het portaal staat één bestand waarmee iedereen hem kan controleren.
    [deal-intended] Wij willen uw data deal over “{ $title }” beëindigen. Op het portaal staat waarom. U kunt uw zienswijze geven tot en met { $day }.
    [deal-intention-dropped] Wij zien ervan af uw data deal over “{ $title }” te beëindigen. Op het portaal staat waarom.
    [deal-view-given] De hergebruiker gaf een zienswijze op uw voornemen om de data deal over “{ $title }” te beëindigen.
    [deal-suspended] De data deal over “{ $title }” is opgeschort: tot hij weer loopt mogen de gegevens er niet mee gebruikt worden. Op het portaal staat waarom.
    [deal-resumed] De data deal over “{ $title }” loopt weer.
    [deal-revoked] De data deal over “{ $title }” is beëindigd. Op het portaal staat waarom, en wat er nu moet gebeuren.
    [deal-ended] De hergebruiker zegde de data deal over “{ $title }” op. Op het portaal staat waarom, en wat er met de gegevens gebeurt.
    [deal-objected] De hergebruiker maakt bezwaar tegen wat over de data deal over “{ $title }” is besloten. Iemand anders moet ernaar kijken dan wie die stap nam.
    [user-named] De hergebruiker noemde een persoon die de gegevens onder de data deal over “{ $title }” mag gebruiken.
    [user-removed] Een persoon die de gegevens onder de data deal over “{ $title }” mocht gebruiken, is verwijderd.
    [deal-ending] De data deal over “{ $title }” eindigt op { $day }. Voor die dag kan hij verlengd worden.
    [deal-reviewed] Een lopende data deal over “{ $title }” is opnieuw beoordeeld en zou nu een ander antwoord krijgen: { $state ->
        [permit] ja
        [review] een mens moet goedkeuren
        [incomplete] er ontbreken feiten
        [deny] nee, aan een voorwaarde is niet voldaan
        [no_ground] geen grond in de wet
       *[other] { $state }
    }. Op het portaal staat waarom.
    [obligation-due] Iets dat u beloofde in de data deal over “{ $title }” moet klaar zijn op { $day }. Op het portaal staat wat.
    [obligation-overdue] Iets dat beloofd is in de data deal over “{ $title }” moest klaar zijn op { $day }, en wij weten niet dat het gedaan is.
    [obligation-met] De hergebruiker zegt dat iets uit de data deal over “{ $title }” gedaan is, en gaf er bewijs van.
    [delivery-recorded] Er is een levering van “{ $title }” onder uw data deal vastgelegd. Ga na of u die hebt.
    [incident-reported] De hergebruiker meldt een incident bij de data deal over “{ $title }”. Kijk er nu naar: de wet geeft u misschien weinig tijd.
    [dataset-corrected] Gegevens van “{ $title }” die u ontving zijn verbeterd. Op het portaal staat welke uitgave ervoor in de plaats komt.
    [webhook-test] Dit is een proefbericht. Er is niets gebeurd.
   *[other] { $event }
}
mail-request = Verzoek: { $id }
mail-deal = Data deal: { $id }
mail-closing = Dit bericht is automatisch verstuurd door { $portal }. U kunt er niet op antwoorden.
