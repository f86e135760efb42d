//! What a dataset is found by: its words, written in the commit that writes its row. And what somebody looks for, in words of the same kind.

use crate::engine::rows;
use crate::engine::state::DatasetNow;
use crate::engine::{EngineError, Field};
use crate::model::condition::{Bilingual, Lang};
use crate::model::dataset::Dataset;
use crate::model::facets::last_segment;
use crate::stems;
use crate::store::{Item, Kind, Pattern, Sought, Spoken, Words};

/// A dataset is found by so many words in each language.
const MOST: usize = 4_000;
/// No question has more words, nor more letters.
const MOST_ASKED: usize = 32;
const LONGEST: usize = 1_000;
/// From so many letters on, a last word is taken as the beginning of one as well.
const BEGINNING: usize = 3;

/// Adds a dataset to an item: its row, and what it is found by.
pub(in crate::engine) fn put_dataset(item: &mut Item, now: &DatasetNow) -> Result<(), EngineError> {
    let slug = now.dataset.slug.as_str();
    rows::put(item, Kind::Dataset, slug, Some(now.dataset.owner.as_str()), now)?;
    *item = std::mem::take(item).words(slug, words_of(&now.dataset));
    Ok(())
}

/// The words of a dataset.
pub(in crate::engine) fn words_of(dataset: &Dataset) -> Words {
    Words { form: stems::FORM, en: spoken(dataset, Lang::En), nl: spoken(dataset, Lang::Nl) }
}

/// Those in one language: what says no language is in both.
fn spoken(dataset: &Dataset, lang: Lang) -> Spoken {
    let in_lang = |text: &'_ Bilingual| text.in_lang(lang).to_owned();
    let mut texts = vec![in_lang(&dataset.description), dataset.publisher.clone()];
    if let Some(described) = &dataset.described {
        let spoken = |of: Option<&str>| of.is_none_or(|of| language(of).is_none_or(|of| of == lang));
        let keywords = described.keywords.iter().filter(|keyword| spoken(keyword.lang.as_deref()));
        texts.extend(keywords.map(|keyword| keyword.text.clone()));
        texts.extend(described.themes.iter().map(|theme| last_segment(theme.as_str()).to_owned()));
        texts.extend(described.publisher.as_ref().and_then(|publisher| publisher.name.clone()));
    }
    for column in &dataset.columns {
        texts.push(column.name.clone());
        texts.extend(column.title.as_ref().map(in_lang));
    }
    Spoken {
        title: stems::to_be_found([dataset.title.in_lang(lang)], lang, MOST),
        text: stems::to_be_found(texts.iter().map(String::as_str), lang, MOST),
    }
}

/// A language of the portal by its tag; none for another one.
fn language(tag: &str) -> Option<Lang> {
    match tag.split('-').next() {
        Some(main) if main.eq_ignore_ascii_case("en") => Some(Lang::En),
        Some(main) if main.eq_ignore_ascii_case("nl") => Some(Lang::Nl),
        _ => None,
    }
}

/// What is sought by somebody's words, in one language or in either: all of them, the last one perhaps not typed to its end.
pub(in crate::engine) fn sought(text: &str, lang: Option<Lang>) -> Result<Vec<Sought>, EngineError> {
    let long = |why: String| EngineError::input(Field::Words, why, "give fewer words: those that matter most");
    if text.chars().nth(LONGEST).is_some() {
        return Err(long(format!("has more than {LONGEST} characters")));
    }
    let words = stems::words(text);
    if words.len() > MOST_ASKED {
        return Err(long(format!("has {} words, which is more than {MOST_ASKED}", words.len())));
    }
    let last = words.len();
    let one = |(number, word): (usize, &String)| {
        let beginning = number == last && word.chars().count() >= BEGINNING;
        let patterns = |of: Lang| {
            let stem = Pattern::Word(stems::stem(word, of));
            let found = lang.is_none_or(|lang| lang == of);
            let beginning = beginning.then(|| Pattern::Beginning(word.clone()));
            if found { [stem].into_iter().chain(beginning).collect() } else { Vec::new() }
        };
        Sought { en: patterns(Lang::En), nl: patterns(Lang::Nl) }
    };
    Ok((1..).zip(&words).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_bounded() {
        assert!(sought(&"a ".repeat(MOST_ASKED), None).is_ok());
        assert!(sought(&"a ".repeat(MOST_ASKED + 1), None).is_err());
        assert!(sought(&"a".repeat(LONGEST + 1), None).is_err());
        let two = sought("Vergunningen voor", Some(Lang::Nl)).unwrap();
        assert_eq!(two[0].nl, [Pattern::Word("vergun".to_owned())]);
        assert_eq!(two[1].nl[1], Pattern::Beginning("voor".to_owned()));
        assert!(two.iter().all(|word| word.en.is_empty()));
    }
}
