//! References to the law as catalogues write them: Juriconnect, addresses of wetten.overheid.nl, ELI.

/// The act that a reference is to, by its number in the Basiswettenbestand (`BWBR0005252`) or its ELI without its scheme. A reference is
/// `jci1.3:c:BWBR0005252&artikel=10&z=2020-01-01&g=2020-01-01`, `https://wetten.overheid.nl/BWBR0005252/2020-01-01`, an ELI, or a bare number. None for
/// anything else.
#[must_use]
pub fn act_of(text: &str) -> Option<&str> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("jci") {
        let (version, rest) = rest.split_once(':')?;
        let numbers = version.strip_prefix("1.").filter(|v| v.len() == 1 && v.bytes().all(|b| b.is_ascii_digit()));
        let (kind, rest) = rest.split_once(':')?;
        numbers.filter(|_| matches!(kind, "c" | "v" | "vc"))?;
        return bwb(rest.split('&').next()?);
    }
    let path = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    if let Some(rest) = path.strip_prefix("wetten.overheid.nl/") {
        return match rest.find("jci1.").and_then(|at| rest.get(at..)) {
            Some(inner) => act_of(inner),
            None => bwb(rest.split(['/', '?', '#']).next()?),
        };
    }
    if path.starts_with("data.europa.eu/eli/") {
        return Some(path.trim_end_matches('/'));
    }
    bwb(text)
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
        for (text, act) in [
            ("jci1.3:c:BWBR0005252&artikel=10&z=2020-01-01&g=2019-01-01", "BWBR0005252"),
            ("https://wetten.overheid.nl/BWBR0005252/2020-01-01", "BWBR0005252"),
            ("http://wetten.overheid.nl/jci1.3:c:BWBR0005252", "BWBR0005252"),
            (" BWBR0005252 ", "BWBR0005252"),
            ("http://data.europa.eu/eli/reg/2022/868/oj", "data.europa.eu/eli/reg/2022/868/oj"),
        ] {
            assert_eq!(act_of(text), Some(act), "{text}");
        }
        for none in
            ["", "jci", "jci1.3:c:", "jci1.3:c:BWBR1", "jci9:c:BWBR0005252", "BWBR000525é", "https://example.nl", "é"]
        {
            assert_eq!(act_of(none), None, "{none}");
        }
    }
}
