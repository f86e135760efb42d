# Hoe een dataset is opgebouwd, en hergebruik ervan in gewone woorden: `dataset show`, `dataset structure`, `dataset relations`.

struct-publisher = Uitgegeven door: { $value }
struct-sources = Gemaakt uit gegevens van: { $value }
struct-regime = Regime: { $regime ->
    [open] open data, onder de licentie
    [who] Wet hergebruik van overheidsinformatie
    [dga] Datagovernanceverordening
    [sector] de wet van de eigen sector
   *[other] { $regime }
}
struct-open = Iedereen mag dit gebruiken, onder de licentie. Een verzoek of datadeal is niet nodig.
struct-open-without-licence = Iedereen mag dit gebruiken. Er is geen licentie genoemd. Een verzoek of datadeal is niet nodig.
struct-evidence-head = Welk bewijs nodig is, en van wie het telt
struct-evidence-none = Er wordt geen bewijs gevraagd.
struct-evidence = { $label }: { $proof }
struct-evidence-from = Telt van: { $issuers }
struct-evidence-nobody = Nog van niemand telt bewijs hiervan: de geldende vertrouwenslijst noemt niemand.
struct-issuer = { $name } ({ $kinds })
struct-pace-head = Hoe lang het duurt
struct-pace = { $n ->
    [one] Het laatste verzoek duurde { $days ->
        [0] minder dan een dag
        [one] één dag
       *[other] { $days } dagen
    }.
   *[other] De laatste { $n } verzoeken duurden { $days ->
        [0] minder dan een dag
        [one] één dag
       *[other] { $days } dagen
    } (mediaan).
}
struct-pace-none = Over een verzoek hiervoor is nog niet beslist.
struct-price-head = Wat het kost
struct-price-open = Over een prijs is niets gezegd.
struct-price-none = Er wordt geen vergoeding gevraagd.

struct-head = Hoe “{ $title }” is opgebouwd
struct-columns = Welke kolommen ({ $n })
struct-columns-none = De kolommen zijn niet bekend. Leg ze vast: datadeal dataset structure { $slug } --csv BESTAND
struct-column-name = Kolom
struct-column-type = Type
struct-column-title = Titel
struct-column-marks = Bevat
struct-required = { $type }, altijd aanwezig
struct-key = Een rij is te herkennen aan: { $columns }
struct-concepts = Welke begrippen
struct-concept = { $column }: { $concept }
struct-concepts-none = Geen kolom is aan een begrip gekoppeld.
struct-concepts-without = Niet gekoppeld: { $columns }
struct-models = Welk gegevensmodel
struct-models-none = Er is geen gegevensmodel gekoppeld.
struct-relations = Hoe het samenhangt met andere bronnen
struct-relation-to = { $columns } wijst naar rijen van { $dataset } ({ $references })
struct-relation-from = { $dataset } wijst naar rijen hiervan: { $columns } ({ $references })
struct-relation-itself = { $columns } wijst naar andere rijen hiervan ({ $references })
struct-relations-none = Er is geen samenhang met een andere dataset bekend.
struct-titled = { $title }, { $iri }
struct-findings = Bevindingen
struct-together = Samen gevraagd kunnen deze kolommen naar één persoon wijzen, en geen voorwaarde houdt ze uit elkaar: { $columns }
struct-suggestion = { $column } bevat zo te zien { $holds }, en is niet aangemerkt als { $mark ->
    [identifying] identificerend
    [special] bijzonder
   *[personal] persoonsgegeven
}. Alleen de naam zegt dat: u beslist.
struct-kept-head = Bewaard zoals het er stond, want het heeft hier geen plaats ({ $n })
struct-kept = { $property } = { $value }
struct-kept-more = en nog { $n }: --json noemt alles

struct-change = Wat dit verandert aan “{ $title }” (dan { $n ->
    [one] één kolom
   *[other] { $n } kolommen
})
struct-change-none = Er verandert niets.
struct-change-new = nieuw: { $column }
struct-change-gone = weg: { $column }
struct-change-changed = gewijzigd: { $column } ({ $parts })
struct-change-unmarked = { $column } is niet langer aangemerkt als { $marks }: voorwaarden voor zulke kolommen gelden er niet meer voor
struct-change-part = { $part ->
    [title] titel
    [description] beschrijving
    [datatype] type
    [required] altijd aanwezig
    [concept] begrip
    [group] groep
    [marks] aanmerkingen
    [order] de volgorde van de kolommen
    [models] de gegevensmodellen
    [key] de kolommen waaraan een rij te herkennen is
    [relations] de samenhang met andere bronnen
   *[kept] wat is bewaard zoals het er stond
}
struct-change-other = gewijzigd: { $part }
struct-mark = { $mark ->
    [identifying] identificerend
    [special] bijzonder
   *[personal] persoonsgegeven
}
struct-version-new = Voorwaarden kunnen lezen wat verandert: de dataset krijgt een nieuwe versie, { $version }.
struct-version-same = Geen voorwaarde leest wat verandert: de versie blijft { $version }.
struct-preview = Er is nog niets vastgelegd.
struct-set = Vastgelegd. Het record van de nieuwe beschrijving: { $id }
struct-left = Niet in deze vorm, en hier bewaard:
