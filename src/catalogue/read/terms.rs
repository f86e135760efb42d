//! The IRIs of the vocabularies: RDF, RDFS, DCAT 3, Dublin Core, FOAF, vCard, DCAT-AP.

use crate::catalogue::vocabulary::{dcat, dcatap, dct, foaf, rdfs, vcard};

/// Terms that are written as well, as texts; and those that are only read.
macro_rules! terms {
    ($vocabulary:ident: $($name:ident),+ $(,)?) => {
        $(pub(super) const $name: &str = $vocabulary::$name.as_str();)+
    };
    ($namespace:literal: $($name:ident $term:literal),+ $(,)?) => {
        $(pub(super) const $name: &str = concat!($namespace, $term);)+
    };
}

pub(super) const TYPE: &str = oxrdf::vocab::rdf::TYPE.as_str();
pub(super) const DATASET: &str = dcat::DATASET_CLASS.as_str();
pub(super) const PERIODICITY: &str = dct::FREQUENCY.as_str();
terms!(rdfs: LABEL);
terms!(dcat:
    CONTACT_POINT, DISTRIBUTION, KEYWORD, THEME, LANDING_PAGE, ACCESS_URL, DOWNLOAD_URL, MEDIA_TYPE, BYTE_SIZE, START_DATE, END_DATE,
);
terms!(dct:
    TITLE, DESCRIPTION, IDENTIFIER, ACCESS_RIGHTS, PUBLISHER, CREATOR, LICENSE, RIGHTS, CONFORMS_TO, LANGUAGE, ISSUED, MODIFIED, SPATIAL,
    TEMPORAL, FORMAT,
);
terms!(foaf: PAGE, NAME);
terms!(vcard: FN, HAS_EMAIL, HAS_URL, HAS_TELEPHONE);
terms!(dcatap: APPLICABLE_LEGISLATION);
terms!("http://www.w3.org/2004/02/skos/core#": PREF_LABEL "prefLabel");
terms!("http://xmlns.com/foaf/0.1/": HOMEPAGE "homepage");
terms!("http://www.w3.org/2006/vcard/ns#": ORGANIZATION_NAME "organization-name", HAS_VALUE "hasValue");
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
