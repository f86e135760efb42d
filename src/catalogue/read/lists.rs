//! The lists that catalogues take their words from: how open data is, and why not; and what a licence gives.

use serde::Serialize;

use crate::model::condition::Bilingual;
use crate::model::dataset::Access;

/// The access levels of the EU (Publications Office, `access-right`).
const EU: &str = "publications.europa.eu/resource/authority/access-right/";
/// Those of the Netherlands with their reasons (DCAT-AP-DONL 2.0, taxonomy `access-rights`).
const DONL: &str = "dcat.overheid.nl/application-profile/donl/term/";
/// The same before (DCAT-AP-DONL 1.1, `overheid:Openbaarheidsniveau`).
const OWMS: &str = "standaarden.overheid.nl/owms/terms/";

/// How open a list says that data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessLevel {
    /// What it means here.
    pub access: Access,
    /// Why it is so, where the level says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<AccessReason>,
}

/// Why data is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessReason {
    /// Who meets the conditions gets it.
    Conditions,
    /// Personal data.
    Privacy,
    /// Given to government in confidence.
    Confidential,
    /// Economic or financial interests of the body.
    Economic,
    /// Rights of others, who did not agree.
    ThirdParties,
    /// Security of the state.
    StateSecurity,
    /// Tracing and prosecuting criminal offences.
    CriminalLaw,
    /// Inspection, control and supervision.
    Supervision,
    /// Personal opinions on policy.
    PersonalOpinions,
    /// Relations with other states and international organisations.
    ForeignRelations,
    /// Unity of the Crown.
    Crown,
}

impl AccessReason {
    /// Every reason.
    pub const ALL: [AccessReason; 11] = [
        AccessReason::Conditions,
        AccessReason::Privacy,
        AccessReason::Confidential,
        AccessReason::Economic,
        AccessReason::ThirdParties,
        AccessReason::StateSecurity,
        AccessReason::CriminalLaw,
        AccessReason::Supervision,
        AccessReason::PersonalOpinions,
        AccessReason::ForeignRelations,
        AccessReason::Crown,
    ];

    /// The reason in words.
    #[must_use]
    pub fn words(self) -> Bilingual {
        let (en, nl) = match self {
            AccessReason::Conditions => {
                ("given to who meets the conditions", "beschikbaar voor wie aan de voorwaarden voldoet")
            }
            AccessReason::Privacy => (
                "it holds personal data, or data that leads to persons",
                "er staan persoonsgegevens in, of gegevens die tot personen te herleiden zijn",
            ),
            AccessReason::Confidential => {
                ("it was given to government in confidence", "de gegevens zijn vertrouwelijk met de overheid gedeeld")
            }
            AccessReason::Economic => (
                "economic or financial interests of the body weigh more",
                "economische of financiële belangen van de organisatie wegen zwaarder",
            ),
            AccessReason::ThirdParties => (
                "others have rights in it and did not agree",
                "anderen hebben er rechten op en hebben geen toestemming gegeven",
            ),
            AccessReason::StateSecurity => {
                ("it could harm the security of the state", "het kan de veiligheid van de staat schaden")
            }
            AccessReason::CriminalLaw => (
                "it concerns tracing or prosecuting criminal offences",
                "het gaat om opsporing of vervolging van strafbare feiten",
            ),
            AccessReason::Supervision => {
                ("it concerns inspection, control or supervision", "het gaat om inspectie, controle of toezicht")
            }
            AccessReason::PersonalOpinions => (
                "it holds personal opinions on policy, and who holds them did not agree",
                "er staan persoonlijke beleidsopvattingen in, en daarvoor is geen toestemming gegeven",
            ),
            AccessReason::ForeignRelations => (
                "it could harm relations with other states or international organisations",
                "het kan de betrekkingen met andere staten of internationale organisaties schaden",
            ),
            AccessReason::Crown => {
                ("it could endanger the unity of the Crown", "het kan de eenheid van de Kroon in gevaar brengen")
            }
        };
        Bilingual { en: en.to_owned(), nl: nl.to_owned() }
    }
}

/// What an access level of a catalogue means; none for a level of no list that is known, which counts as [`Access::Closed`].
#[must_use]
pub fn access_level(iri: &str) -> Option<AccessLevel> {
    let level = |access, reason| Some(AccessLevel { access, reason });
    let path = without_scheme(iri);
    if let Some(term) = path.strip_prefix(EU) {
        return match term {
            "PUBLIC" => level(Access::Open, None),
            "RESTRICTED" => level(Access::Conditions, None),
            "NON_PUBLIC" | "CONFIDENTIAL" | "SENSITIVE" => level(Access::Closed, None),
            _ => None,
        };
    }
    let term = path.strip_prefix(DONL).or_else(|| path.strip_prefix(OWMS))?;
    match term.to_ascii_uppercase().replace('-', "_").as_str() {
        "PUBLIEK" => level(Access::Open, None),
        "ONDER_VOORWAARDEN" => level(Access::Conditions, Some(AccessReason::Conditions)),
        "NIET_PUBLIEK" => level(Access::Closed, None),
        "PRIVACY" => level(Access::Closed, Some(AccessReason::Privacy)),
        "VERTROUWELIJK" => level(Access::Closed, Some(AccessReason::Confidential)),
        "ECONOMISCHE_BELANGEN" => level(Access::Closed, Some(AccessReason::Economic)),
        "RECHTEN_VAN_DERDEN" => level(Access::Closed, Some(AccessReason::ThirdParties)),
        "STAATSVEILIGHEID" => level(Access::Closed, Some(AccessReason::StateSecurity)),
        "STRAFRECHT" => level(Access::Closed, Some(AccessReason::CriminalLaw)),
        "INSPECTIE_CONTROLE_TOEZICHT" => level(Access::Closed, Some(AccessReason::Supervision)),
        "PERSOONLIJKE_BELEIDSOPVATTINGEN" => level(Access::Closed, Some(AccessReason::PersonalOpinions)),
        "BELANG_BETREKKINGEN" => level(Access::Closed, Some(AccessReason::ForeignRelations)),
        "GEVAAR_EENHEID_KROON" => level(Access::Closed, Some(AccessReason::Crown)),
        _ => None,
    }
}

/// What a licence gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Licence {
    /// A known licence for everyone.
    Open,
    /// The closed licence: nothing is given by it.
    Closed,
    /// One that is not known here: what it gives stands at its address.
    Other,
}

/// What a licence gives, by its IRI.
#[must_use]
pub fn licence(iri: &str) -> Licence {
    let path = without_scheme(iri).trim_end_matches('/');
    let term = path.strip_prefix(OWMS).unwrap_or_default().to_ascii_lowercase();
    let open = [
        "creativecommons.org/publicdomain/",
        "creativecommons.org/licenses/by/",
        "creativecommons.org/licenses/by-sa/",
        "opendatacommons.org/licenses/",
        "publications.europa.eu/resource/authority/licence/CC",
    ];
    if term == "geslotenlicentie" || path.ends_with("/authority/licence/RESTRICTED") {
        Licence::Closed
    } else if open.iter().any(|start| path.starts_with(start)) {
        Licence::Open
    } else {
        Licence::Other
    }
}

/// Whether what it says is anything but open.
pub(super) fn closes(level: &str) -> bool {
    access_level(level).is_none_or(|level| level.access != Access::Open)
}

/// An address without `http:` or `https:` and `www.`: lists are quoted in every spelling.
fn without_scheme(iri: &str) -> &str {
    let path = iri.strip_prefix("https://").or_else(|| iri.strip_prefix("http://")).unwrap_or(iri);
    path.strip_prefix("www.").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-193: thirteen terms with their reasons, three levels of the EU, and nothing that is not on a list.
    #[test]
    fn levels_of_the_lists_and_no_other() {
        let donl = |term: &str| access_level(&format!("https://dcat.overheid.nl/application-profile/donl/term/{term}"));
        assert_eq!(donl("PUBLIEK").map(|l| l.access), Some(Access::Open));
        assert_eq!(donl("ONDER_VOORWAARDEN").map(|l| l.access), Some(Access::Conditions));
        let closed = [
            "NIET_PUBLIEK",
            "PRIVACY",
            "VERTROUWELIJK",
            "ECONOMISCHE_BELANGEN",
            "RECHTEN_VAN_DERDEN",
            "STAATSVEILIGHEID",
            "STRAFRECHT",
            "INSPECTIE_CONTROLE_TOEZICHT",
            "PERSOONLIJKE_BELEIDSOPVATTINGEN",
            "BELANG_BETREKKINGEN",
            "GEVAAR_EENHEID_KROON",
        ];
        for term in closed {
            let level = donl(term).unwrap();
            assert_eq!((level.access, level.reason.is_some()), (Access::Closed, term != "NIET_PUBLIEK"), "{term}");
        }
        let eu =
            |term: &str| access_level(&format!("http://publications.europa.eu/resource/authority/access-right/{term}"));
        assert_eq!(eu("PUBLIC").map(|l| l.access), Some(Access::Open));
        assert_eq!(eu("RESTRICTED").map(|l| l.access), Some(Access::Conditions));
        assert_eq!(eu("NON_PUBLIC").map(|l| l.access), Some(Access::Closed));
        for none in ["PUBLIC", "public", "https://example.nl/PUBLIC", "", "open"] {
            assert_eq!(access_level(none), None, "{none}");
        }
        assert_eq!((donl("public"), eu("public"), eu("PUBLIC/x")), (None, None, None));
    }

    #[test]
    fn every_reason_has_words_in_both_languages() {
        for reason in AccessReason::ALL {
            let words = reason.words();
            assert!(!words.en.is_empty() && !words.nl.is_empty() && words.en != words.nl);
        }
    }

    #[test]
    fn licences() {
        assert_eq!(licence("http://creativecommons.org/publicdomain/zero/1.0/deed.nl"), Licence::Open);
        assert_eq!(licence("https://creativecommons.org/licenses/by/4.0/"), Licence::Open);
        assert_eq!(licence("http://standaarden.overheid.nl/owms/terms/geslotenlicentie"), Licence::Closed);
        assert_eq!(licence("https://creativecommons.org/licenses/by-nc-nd/4.0/"), Licence::Other);
        assert_eq!(licence("https://example.nl/licence"), Licence::Other);
    }
}
