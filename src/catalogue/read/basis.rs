//! References to the law as catalogues write them: Juriconnect, addresses of wetten.overheid.nl, ELI.

use crate::model::Day;

/// A reference to the text of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The act: a number of the Basiswettenbestand (`BWBR0005252`), or an ELI without its scheme.
    pub act: String,
    /// The article, if it names one.
    pub article: Option<String>,
    /// The day whose text is meant (`g` of Juriconnect, `geldigheidsdatum`).
    pub valid_on: Option<Day>,
    /// The day of whose knowledge it is (`z` of Juriconnect).
    pub seen_on: Option<Day>,
}

/// Reads a reference: `jci1.3:c:BWBR0005252&artikel=10&z=2020-01-01&g=2020-01-01`, `https://wetten.overheid.nl/BWBR0005252/2020-01-01`, an ELI, or
/// a bare number of the Basiswettenbestand. None for anything else.
#[must_use]
pub fn reference(text: &str) -> Option<Reference> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("jci") {
        let (version, rest) = rest.split_once(':')?;
        let numbers = version.strip_prefix("1.").filter(|v| v.len() == 1 && v.bytes().all(|b| b.is_ascii_digit()));
        let (kind, rest) = rest.split_once(':')?;
        numbers.filter(|_| matches!(kind, "c" | "v" | "vc"))?;
        let mut parts = rest.split('&');
        let act = bwb(parts.next()?)?;
        let mut found = Reference { act: act.to_owned(), article: None, valid_on: None, seen_on: None };
        for (key, value) in parts.filter_map(|p| p.split_once('=')) {
            match key {
                "artikel" => found.article = Some(value.to_owned()),
                "g" => found.valid_on = value.parse().ok(),
                "z" => found.seen_on = value.parse().ok(),
                _ => {}
            }
        }
        return Some(found);
    }
    let path = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let bare = |act: &str, valid_on| Reference { act: act.to_owned(), article: None, valid_on, seen_on: None };
    if let Some(rest) = path.strip_prefix("wetten.overheid.nl/") {
        if let Some(inner) = rest.find("jci1.").and_then(|at| rest.get(at..)) {
            return reference(inner);
        }
        let mut parts = rest.split(['/', '?', '#']);
        let act = bwb(parts.next()?)?;
        return Some(bare(act, parts.next().and_then(|day| day.parse().ok())));
    }
    if path.starts_with("data.europa.eu/eli/") {
        return Some(bare(path.trim_end_matches('/'), None));
    }
    bwb(text).map(|act| bare(act, None))
}

/// A number of the Basiswettenbestand: `BWBR`, `BWBV` or `BWBW` and seven digits.
fn bwb(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("BWB").and_then(|t| t.strip_prefix(['R', 'V', 'W']))?;
    (digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_every_form() {
        let found = reference("jci1.3:c:BWBR0005252&artikel=10&z=2020-01-01&g=2019-01-01").unwrap();
        assert_eq!((found.act.as_str(), found.article.as_deref()), ("BWBR0005252", Some("10")));
        assert_eq!(found.valid_on.unwrap().to_string(), "2019-01-01");
        assert_eq!(found.seen_on.unwrap().to_string(), "2020-01-01");
        assert_eq!(reference("https://wetten.overheid.nl/BWBR0005252/2020-01-01").unwrap().act, "BWBR0005252");
        assert_eq!(reference("http://wetten.overheid.nl/jci1.3:c:BWBR0005252").unwrap().act, "BWBR0005252");
        assert_eq!(reference("BWBR0005252").unwrap().act, "BWBR0005252");
        assert_eq!(
            reference("http://data.europa.eu/eli/reg/2022/868/oj").unwrap().act,
            "data.europa.eu/eli/reg/2022/868/oj"
        );
        for none in
            ["", "jci", "jci1.3:c:", "jci1.3:c:BWBR1", "jci9:c:BWBR0005252", "BWBR000525é", "https://example.nl", "é"]
        {
            assert_eq!(reference(none), None, "{none}");
        }
    }
}
