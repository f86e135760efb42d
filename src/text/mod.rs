//! All words for people, in Dutch and English: for command line, mail and pages.
//!
//! Sentences stand in `nl.ftl` and `en.ftl` (Fluent), with equal keys and equal variables. The words of facts, purposes and
//! approvals come from the schema through [`Labels`], those of conditions from the conditions themselves.

mod agreement;
mod answer;
mod changed;
mod conditions;
mod day;
mod difference;
mod eligible;
mod facets;
mod facts;
mod labels;
mod letter;
mod mail;
mod short;

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub use agreement::{Agreement, TEMPLATE, agreement, has_words, template};
pub use answer::answer;
pub use changed::changed;
pub use conditions::conditions;
pub use difference::difference;
pub use eligible::eligible;
pub use facets::{access_key, facets};
pub use facts::{reason, value, wish};
pub use fluent_bundle::FluentValue;
pub use labels::Labels;
pub use letter::{Ended, letter, receipt, step_letter};
pub use mail::mail;
pub use short::short;

use crate::model::condition::{Bilingual, Lang};

/// The sentences, the words of values, the articles of the agreement, what the demo says, and how datasets are built.
const NL: [&str; 7] = [
    include_str!("nl.ftl"),
    include_str!("say.nl.ftl"),
    include_str!("agreement.nl.ftl"),
    include_str!("demo.nl.ftl"),
    include_str!("service.nl.ftl"),
    include_str!("mail.nl.ftl"),
    include_str!("struct.nl.ftl"),
];
const EN: [&str; 7] = [
    include_str!("en.ftl"),
    include_str!("say.en.ftl"),
    include_str!("agreement.en.ftl"),
    include_str!("demo.en.ftl"),
    include_str!("service.en.ftl"),
    include_str!("mail.en.ftl"),
    include_str!("struct.en.ftl"),
];

/// Columns of a terminal that our texts keep within.
const WIDTH: usize = 100;

/// The sentences of one language.
pub struct Texts {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Texts {
    /// The sentences of a language. A test shows that both files are read without an error.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let (code, sources) = match lang {
            Lang::Nl => ("nl", NL),
            Lang::En => ("en", EN),
        };
        let locale: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
            bundle.add_resource_overriding(resource);
        }
        Texts { lang, bundle }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence with this key; a missing one is its key in brackets. Control characters in values become spaces, so that no
    /// fact can move the cursor of a terminal or turn the direction of a text.
    #[must_use]
    pub fn get(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else { return format!("[{key}]") };
        let safe = values.iter().map(|(name, value)| match value {
            FluentValue::String(text) => (*name, FluentValue::from(plain(text))),
            other => (*name, other.clone()),
        });
        let args: FluentArgs<'_> = safe.collect();
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// A bilingual text in this language.
    #[must_use]
    pub fn of(&self, text: &Bilingual) -> String {
        plain(text.in_lang(self.lang))
    }
}

/// Without control characters and marks that turn the direction of a text.
#[must_use]
pub fn plain(text: &str) -> String {
    let harmful = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if harmful(c) { ' ' } else { c }).collect()
}

/// Lines for a terminal, wrapped by words. The first line starts with `first`, the others with as many spaces.
#[must_use]
pub fn wrapped(first: &str, text: &str) -> String {
    let rest = " ".repeat(first.chars().count());
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(&rest)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// A text of paragraphs, such as a letter or an agreement, wrapped by words for a terminal.
#[must_use]
pub fn wrap(text: &str) -> String {
    let line = |line: &str| {
        let body = line.trim_start_matches(' ');
        let indent = " ".repeat(line.chars().count() - body.chars().count());
        match body.strip_prefix("- ") {
            Some(item) => wrapped(&format!("{indent}- "), item),
            None => wrapped(&indent, body),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
