//! What datasets are found by. The words come ready to be matched: a store keeps and matches them, and knows no language.

/// The words of a dataset, made of it by whoever writes it: letters and digits in lower case, with a space between two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// In which way they were made; whoever changes that way counts on.
    pub form: u32,
    /// The English words.
    pub en: Spoken,
    /// The Dutch words.
    pub nl: Spoken,
}

/// The words of a dataset in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Those of its title.
    pub title: String,
    /// All others.
    pub text: String,
}

/// What is sought: rows that have every one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Each is found in the English or in the Dutch words, wherever they stand. Nothing is found where there are none.
    pub every: Vec<Sought>,
    /// Where more rows than this are found, only those are ranked that have everything in their titles, and none where those are more as well.
    pub most_ranked: usize,
}

/// One thing that is sought, as it is written in either language: any of these will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Among the English words.
    pub en: Vec<Pattern>,
    /// Among the Dutch words.
    pub nl: Vec<Pattern>,
}

/// A word that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// This one.
    Word(String),
    /// Any that begins so.
    Beginning(String),
}

/// A row that has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// The number under which it is found, as long as the row is there.
    pub number: u64,
    /// The key of the row.
    pub key: String,
    /// The version of the row when its words were written.
    pub version: u64,
    /// In which way they were made.
    pub form: u32,
}

/// A row that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Its number.
    pub number: u64,
    /// How near it is, nearer first: below 0, by a measure of the store in which words of the title count for much more than others; 0 if
    /// it was not ranked.
    pub rank: f64,
}
