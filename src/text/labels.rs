//! The words that the schema holds, as this room asks for them.

use crate::model::condition::Bilingual;

/// Labels of facts, fields and closed lists. Paths are those of answers: `declared.category`, `verified.designation.until`,
/// `scope.level`, `purpose`, `dataset.personalData`.
pub trait Labels {
    /// What people call what stands at a path; of a member of a record both: `Designation by the minister: valid until`.
    fn path(&self, path: &str) -> Bilingual;

    /// What proof makes the fact at this path verified, and from whom; none for what needs no proof.
    fn proof(&self, path: &str) -> Option<Bilingual>;

    /// The label of a word of a closed list that stands at this path; none where the path holds something else, such as free text.
    fn word(&self, path: &str, word: &str) -> Option<Bilingual>;

    /// The label of an approval.
    fn approval(&self, name: &str) -> Bilingual;

    /// Who appoints the persons who give it: `owner`, `supplier` or `portal`.
    fn appointed_by(&self, approval: &str) -> Option<String>;

    /// The label of a purpose.
    fn purpose(&self, name: &str) -> Bilingual;
}
