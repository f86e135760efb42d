//! What somebody saw before it acted.

use crate::model::Urn;

/// What somebody saw of a request or deal: it acts on that and on nothing else. As text it is the `ETag` that comes with what is shown,
/// and the `If-Match` of the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Of which request or deal.
    pub of: Urn,
    /// The version of its row.
    pub version: u64,
    /// How long the log was when the last record about the case was in it: what came between stands behind.
    pub size: u64,
    /// Which versions were in force: of the sets of portal, owner and dataset, of the schema, of the trust list. 0: none.
    pub published: [u64; 5],
}

impl Seen {
    /// The text: seven numbers.
    #[must_use]
    pub fn tag(&self) -> String {
        let numbers = [self.version, self.size].into_iter().chain(self.published);
        numbers.map(|n| n.to_string()).collect::<Vec<_>>().join(".")
    }

    /// What a text says of a request or deal; none if it is no such text.
    #[must_use]
    pub fn read(of: Urn, tag: &str) -> Option<Self> {
        let numbers: Vec<u64> = tag.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        let [version, size, published @ ..] = <[u64; 7]>::try_from(numbers).ok()?;
        Some(Seen { of, version, size, published })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_was_written() {
        let of: Urn = "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f".parse().unwrap();
        let seen = Seen { of, version: 3, size: 1_000, published: [1, 0, 2, 1, 4] };
        assert_eq!(seen.tag(), "3.1000.1.0.2.1.4");
        assert_eq!(Seen::read(of, &seen.tag()), Some(seen));
        for wrong in ["", "3", "3.1000.1.0.2.1", "3.1000.1.0.2.1.4.5", "3.1000.1.0.2.1.-4", "3.1000.1.0.2.1.x"] {
            assert_eq!(Seen::read(of, wrong), None, "{wrong}");
        }
    }
}
