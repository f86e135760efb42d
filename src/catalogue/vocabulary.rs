//! The IRIs of others' vocabularies, by their usual prefixes.

/// Constants of one vocabulary.
macro_rules! terms {
    ($(#[$doc:meta])* $prefix:ident = $base:literal: $($name:ident $local:literal)*) => {
        $(#[$doc])*
        pub mod $prefix {
            use oxrdf::NamedNodeRef;
            /// The namespace.
            pub const NS: &str = $base;
            $(
                #[doc = concat!("`", stringify!($prefix), ":", $local, "`")]
                pub const $name: NamedNodeRef<'_> = NamedNodeRef::new_unchecked(concat!($base, $local));
            )*
        }
    };
}

terms! {
    /// Data Catalog Vocabulary.
    dcat = "http://www.w3.org/ns/dcat#":
    CATALOG "Catalog" DATASET_CLASS "Dataset" DISTRIBUTION_CLASS "Distribution" DATASET "dataset" DISTRIBUTION "distribution" KEYWORD "keyword"
    THEME "theme" LANDING_PAGE "landingPage" CONTACT_POINT "contactPoint" START_DATE "startDate" END_DATE "endDate" ACCESS_URL "accessURL"
    DOWNLOAD_URL "downloadURL" MEDIA_TYPE "mediaType" BYTE_SIZE "byteSize" HAD_ROLE "hadRole"
}
terms! {
    /// DCMI Metadata Terms.
    dct = "http://purl.org/dc/terms/":
    TITLE "title" DESCRIPTION "description" IDENTIFIER "identifier" ACCESS_RIGHTS "accessRights" CREATOR "creator" PUBLISHER "publisher"
    LANGUAGE "language" ISSUED "issued" MODIFIED "modified" FREQUENCY "accrualPeriodicity" SPATIAL "spatial" TEMPORAL "temporal"
    PERIOD "PeriodOfTime" CONFORMS_TO "conformsTo" LICENSE "license" RIGHTS "rights" RIGHTS_STATEMENT "RightsStatement" FORMAT "format"
    MEDIA_TYPE_OR_EXTENT "MediaTypeOrExtent" RELATION "relation" SOURCE "source" STANDARD "Standard"
}
terms! {
    /// DCAT-AP.
    dcatap = "http://data.europa.eu/r5r/":
    APPLICABLE_LEGISLATION "applicableLegislation"
}
terms! {
    /// The Dutch national catalogue.
    donl = "https://dcat.overheid.nl/application-profile/donl/term/":
    JURICONNECT "juriconnectCode"
}
terms! {
    /// European Legislation Identifier.
    eli = "http://data.europa.eu/eli/ontology#":
    LEGAL_RESOURCE "LegalResource" IN_FORCE_FROM "first_date_entry_in_force" NO_LONGER_IN_FORCE "date_no_longer_in_force"
}
terms! {
    /// Friend of a Friend.
    foaf = "http://xmlns.com/foaf/0.1/":
    AGENT "Agent" NAME "name" PAGE "page"
}
terms! {
    /// vCard.
    vcard = "http://www.w3.org/2006/vcard/ns#":
    KIND "Kind" FN "fn" HAS_EMAIL "hasEmail" HAS_URL "hasURL" HAS_TELEPHONE "hasTelephone"
}
terms! {
    /// Provenance.
    prov = "http://www.w3.org/ns/prov#":
    QUALIFIED_ATTRIBUTION "qualifiedAttribution" ATTRIBUTION "Attribution" AGENT "agent"
}
terms! {
    /// SPDX.
    spdx = "http://spdx.org/rdf/terms#":
    CHECKSUM "checksum" CHECKSUM_CLASS "Checksum" ALGORITHM "algorithm" VALUE "checksumValue" SHA256 "checksumAlgorithm_sha256"
}
terms! {
    /// CSV on the Web.
    csvw = "http://www.w3.org/ns/csvw#":
    SCHEMA "Schema" COLUMN "column" COLUMN_CLASS "Column" NAME "name" TITLE "title" DATATYPE "datatype" REQUIRED "required"
    PROPERTY_URL "propertyUrl" URI_TEMPLATE "uriTemplate" PRIMARY_KEY "primaryKey" FOREIGN_KEY "foreignKey" FOREIGN_KEY_CLASS "ForeignKey"
    COLUMN_REFERENCE "columnReference" REFERENCE "reference" REFERENCE_CLASS "TableReference" RESOURCE "resource" JSON "JSON"
}
terms! {
    /// Open Digital Rights Language 2.2.
    odrl = "http://www.w3.org/ns/odrl/2/":
    HAS_POLICY "hasPolicy" POLICY "Policy" OFFER "Offer" UID "uid" PROFILE "profile" CONFLICT "conflict" PROHIBIT "prohibit"
    PERMISSION "permission" PERMISSION_CLASS "Permission" PROHIBITION "prohibition" PROHIBITION_CLASS "Prohibition" OBLIGATION "obligation"
    DUTY "duty" DUTY_CLASS "Duty" ASSIGNER "assigner" TARGET "target" ACTION "action" USE "use" CONSTRAINT "constraint"
    CONSTRAINT_CLASS "Constraint" LOGICAL_CLASS "LogicalConstraint" LEFT_OPERAND "leftOperand" OPERATOR "operator" RIGHT_OPERAND "rightOperand"
    UNIT "unit" REFINEMENT "refinement" CONSENTING_PARTY "consentingParty" AND "and" OR "or" AND_SEQUENCE "andSequence"
    PURPOSE "purpose" DATE_TIME "dateTime" RECIPIENT "recipient" PAY_AMOUNT "payAmount" ELAPSED_TIME "elapsedTime" EVENT "event"
    EQ "eq" LT "lt" LTEQ "lteq" GT "gt" GTEQ "gteq" IS_A "isA" IS_ANY_OF "isAnyOf"
    ATTRIBUTE "attribute" DELETE "delete" INFORM "inform" COMPENSATE "compensate" OBTAIN_CONSENT "obtainConsent" DISTRIBUTE "distribute"
}
terms! {
    /// Creative Commons.
    cc = "http://creativecommons.org/ns#":
    COMMERCIAL_USE "CommercialUse"
}
terms! {
    /// RDF Schema.
    rdfs = "http://www.w3.org/2000/01/rdf-schema#":
    LABEL "label"
}
terms! {
    /// Access rights of the EU.
    access = "http://publications.europa.eu/resource/authority/access-right/":
    PUBLIC "PUBLIC" RESTRICTED "RESTRICTED" NON_PUBLIC "NON_PUBLIC"
}
terms! {
    /// Roles of parties (INSPIRE).
    role = "http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/":
    OWNER "owner" CUSTODIAN "custodian" ORIGINATOR "originator"
}

/// Currencies of the EU's list.
pub const CURRENCY: &str = "http://publications.europa.eu/resource/authority/currency/";
/// The licence of what is not open, of the national list.
pub const CLOSED_LICENCE: &str = "http://standaarden.overheid.nl/owms/terms/geslotenlicentie";
/// Media types of IANA.
pub const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";

/// The prefixes of what is written.
pub const PREFIXES: [(&str, &str); 17] = [
    ("cc", cc::NS),
    ("csvw", csvw::NS),
    ("dcat", dcat::NS),
    ("dcatap", dcatap::NS),
    ("dct", dct::NS),
    ("donl", donl::NS),
    ("dpv", "https://w3id.org/dpv#"),
    ("eli", eli::NS),
    ("foaf", foaf::NS),
    ("odrl", odrl::NS),
    ("prov", prov::NS),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", rdfs::NS),
    ("spdx", spdx::NS),
    ("vcard", vcard::NS),
    ("access-right", access::NS),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];
