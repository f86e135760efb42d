//! What a list of datasets can be narrowed by, and how many datasets each choice would leave.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dataset::Access;
use super::{Iri, OrgId};

/// For each facet its values with counts: of the list as all *other* facets narrow it, so that one sees what another choice would give. The most
/// frequent value first, at most 100 of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// Whose they are.
    pub owner: Vec<Counted<OrgId>>,
    /// What they are about.
    pub theme: Vec<Counted<Iri>>,
    /// How open they are.
    pub access: Vec<Counted<Access>>,
    /// The formats in which they are given, as `CSV`.
    pub format: Vec<Counted<String>>,
    /// Whether they can be had without a person deciding: open ones; of others those with a ground in force for which no condition in force reads an
    /// approval; and those without a ground that are refused at once.
    pub automatic: Vec<Counted<bool>>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counted<T> {
    /// The value.
    pub value: T,
    /// How many datasets have it.
    pub count: usize,
}

/// What an IRI, a path or a media type ends with.
#[must_use]
pub fn last_segment(text: &str) -> &str {
    let text = text.trim_end_matches(['/', '#']);
    text.rsplit(['/', '#']).next().unwrap_or(text)
}

/// The one word for a format, whether it is written as such, as an IRI or as a media type: `CSV`.
#[must_use]
pub fn format_word(format: &str) -> String {
    last_segment(format.trim()).to_uppercase()
}

/// Whether a theme is the one that somebody means: by its IRI, or by what that ends with.
#[must_use]
pub fn is_theme(theme: &Iri, meant: &str) -> bool {
    theme.as_str() == meant || last_segment(theme.as_str()).eq_ignore_ascii_case(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_iri_ends_with() {
        for (iri, last) in [
            ("http://publications.europa.eu/resource/authority/data-theme/EDUC", "EDUC"),
            ("http://standaarden.overheid.nl/owms/terms/Migratie_en_integratie", "Migratie_en_integratie"),
            ("https://example.org/themes#water", "water"),
            ("https://example.org/themes/", "themes"),
            ("text/csv", "csv"),
            ("CSV", "CSV"),
            ("", ""),
        ] {
            assert_eq!(last_segment(iri), last);
        }
    }

    #[test]
    fn a_format_has_one_word() {
        for format in ["csv", "text/csv", "http://publications.europa.eu/resource/authority/file-type/CSV", " CSV "] {
            assert_eq!(format_word(format), "CSV");
        }
    }
}
