//! The IRIs of the vocabularies: RDF, RDFS, DCAT 3, Dublin Core, FOAF, vCard, DCAT-AP.

/// Declares constants of one namespace.
macro_rules! terms {
    ($namespace:literal: $($name:ident $term:literal),+ $(,)?) => {
        $(pub(super) const $name: &str = concat!($namespace, $term);)+
    };
}

terms!("http://www.w3.org/1999/02/22-rdf-syntax-ns#": TYPE "type");
terms!("http://www.w3.org/2000/01/rdf-schema#": LABEL "label");
terms!("http://www.w3.org/2004/02/skos/core#": PREF_LABEL "prefLabel");
terms!("http://www.w3.org/ns/dcat#":
    DATASET "Dataset", CONTACT_POINT "contactPoint", DISTRIBUTION "distribution", KEYWORD "keyword", THEME "theme",
    LANDING_PAGE "landingPage", ACCESS_URL "accessURL", DOWNLOAD_URL "downloadURL", MEDIA_TYPE "mediaType", BYTE_SIZE "byteSize",
    START_DATE "startDate", END_DATE "endDate",
);
terms!("http://purl.org/dc/terms/":
    TITLE "title", DESCRIPTION "description", IDENTIFIER "identifier", ACCESS_RIGHTS "accessRights", PUBLISHER "publisher",
    CREATOR "creator", LICENSE "license", RIGHTS "rights", CONFORMS_TO "conformsTo", LANGUAGE "language", ISSUED "issued",
    MODIFIED "modified", PERIODICITY "accrualPeriodicity", SPATIAL "spatial", TEMPORAL "temporal", FORMAT "format",
);
terms!("http://xmlns.com/foaf/0.1/": PAGE "page", NAME "name", HOMEPAGE "homepage");
terms!("http://www.w3.org/2006/vcard/ns#":
    FN "fn", ORGANIZATION_NAME "organization-name", HAS_EMAIL "hasEmail", HAS_URL "hasURL", HAS_TELEPHONE "hasTelephone",
    HAS_VALUE "hasValue",
);
terms!("http://data.europa.eu/r5r/": APPLICABLE_LEGISLATION "applicableLegislation");
// of the two spellings each server writes one
terms!("http://www.w3.org/ns/hydra/core#": NEXT "next", NEXT_PAGE "nextPage");
terms!("http://schema.org/": SCHEMA_START "startDate", SCHEMA_END "endDate");

/// The namespace of the Dutch national catalogue; its own profile has moved its terms within it.
const DONL: &str = "https://dcat.overheid.nl/application-profile/donl/";

/// The name of a term of the Dutch national catalogue, wherever in its namespace it stands.
pub(super) fn donl(iri: &str) -> Option<&str> {
    iri.strip_prefix(DONL)?.rsplit(['/', '#']).next()
}

/// Types that the parts of a dataset have by themselves: they say nothing that their place does not.
pub(super) fn plain_type(iri: &str) -> bool {
    const KNOWN: [&str; 16] = [
        DATASET,
        "http://www.w3.org/ns/dcat#Distribution",
        "http://www.w3.org/ns/dcat#Resource",
        "http://xmlns.com/foaf/0.1/Agent",
        "http://xmlns.com/foaf/0.1/Organization",
        "http://xmlns.com/foaf/0.1/Document",
        "http://purl.org/dc/terms/Agent",
        "http://purl.org/dc/terms/PeriodOfTime",
        "http://purl.org/dc/terms/RightsStatement",
        "http://purl.org/dc/terms/LicenseDocument",
        "http://purl.org/dc/terms/MediaTypeOrExtent",
        "http://purl.org/dc/terms/Standard",
        "http://www.w3.org/2006/vcard/ns#Kind",
        "http://www.w3.org/2006/vcard/ns#Organization",
        "http://www.w3.org/2006/vcard/ns#Group",
        "http://data.europa.eu/eli/ontology#LegalResource",
    ];
    KNOWN.contains(&iri) || donl(iri) == Some("LegalFoundation")
}
