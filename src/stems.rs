//! Texts as words that can be sought: folded to lower case without diacritics, and stemmed in their language, before they are kept and before they
//! are sought. A word stands beside its stem, so that whoever has typed half of it finds it.

use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::model::condition::Lang;

/// In which way words are made. Whoever changes it, or takes another version of the stemmer, counts on, and all are made again.
pub const FORM: u32 = 1;

/// No word is longer, in letters: what follows is left out, here as there.
const LONGEST: usize = 64;

/// The words of a text: runs of letters and digits, in lower case, without diacritics.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// The stem of a word, as [`words`] gives it.
#[must_use]
pub fn stem(word: &str, lang: Lang) -> String {
    stemmer(lang).stem(word).into_owned()
}

fn stemmer(lang: Lang) -> Stemmer {
    Stemmer::create(match lang {
        Lang::En => Algorithm::English,
        Lang::Nl => Algorithm::Dutch,
    })
}

/// What a text is found by: the stem of each word, and the word itself where that is another, with spaces between; of the first `most` words.
#[must_use]
pub fn to_be_found<'a>(texts: impl IntoIterator<Item = &'a str>, lang: Lang, most: usize) -> String {
    let stemmer = stemmer(lang);
    let mut out = String::new();
    let mut add = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    };
    for word in texts.into_iter().flat_map(words).take(most) {
        let stem = stemmer.stem(&word);
        add(&stem);
        if stem != word {
            add(&word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_cut_at_what_is_no_letter() {
        assert_eq!(words("Patiënten, CO₂ en birth_date: naïef!"), ["patienten", "co2", "en", "birth", "date", "naief"]);
        assert_eq!(words("I\u{307}stanbul İstanbul"), ["istanbul", "istanbul"]);
        assert_eq!(words("\" * NEAR( -- \u{301}"), ["near"]);
        assert_eq!(words(&"x".repeat(500)), ["x".repeat(LONGEST)]);
        assert!(words("").is_empty());
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let same = |lang, forms: &[&str]| {
            let stems: Vec<String> = forms.iter().map(|word| stem(word, lang)).collect();
            assert!(stems.windows(2).all(|two| two[0] == two[1]), "{forms:?} {stems:?}");
        };
        same(Lang::Nl, &["vergunning", "vergunningen"]);
        same(Lang::Nl, &["huis", "huizen"]);
        same(Lang::Nl, &["bedrijf", "bedrijven"]);
        same(Lang::Nl, &["school", "scholen"]);
        same(Lang::En, &["licence", "licences"]);
        same(Lang::En, &["category", "categories"]);
    }

    #[test]
    fn a_word_stands_beside_its_stem() {
        assert_eq!(to_be_found(["Licences for", "ports"], Lang::En, 9), "licenc licences for port ports");
        assert_eq!(to_be_found(["one two three"], Lang::En, 2), "one two");
    }
}
