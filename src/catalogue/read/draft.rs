//! A record while it is being read: what both kinds of catalogue have in common.

use super::lists::{Licence, access_level, licence};
use super::{Doubt, Imported, MAX_RECORD, Problem};
use crate::model::condition::Bilingual;
use crate::model::dataset::Access;
use crate::model::description::{Agent, Description, Keyword, Legislation, Unmapped};
use crate::model::{Day, Iri};

/// What relative addresses are read against where the file has no address of its own: nothing is there, and a record under it has no name.
pub(super) const NOWHERE: &str = "nowhere:/";

/// The language of a text that says none (BCP 47).
const UNSAID: &str = "und";

/// A record of which parts are known.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: Option<String>,
    pub(super) titles: Texts,
    pub(super) descriptions: Texts,
    /// Access levels, as written.
    pub(super) access: Vec<String>,
    pub(super) licences: Vec<Iri>,
    pub(super) described: Description,
    pub(super) models: Vec<Iri>,
    doubts: Vec<Doubt>,
    size: usize,
}

/// What the members of a record are called in its source: where what is left of them is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) access: &'static str,
    pub(super) licence: &'static str,
}

impl Draft {
    /// Counts what is taken into the record.
    pub(super) fn weigh(&mut self, bytes: usize) -> Result<(), Problem> {
        self.size += bytes;
        if self.size > MAX_RECORD { Err(Problem::RecordTooLarge(self.size)) } else { Ok(()) }
    }

    /// Keeps what has no place.
    pub(super) fn unmapped(&mut self, property: impl Into<String>, value: String) -> Result<(), Problem> {
        let property = property.into();
        self.weigh(property.len() + value.len())?;
        self.described.unmapped.push(Unmapped { property, value });
        Ok(())
    }

    /// An address; one that is none is a doubt, and the caller keeps it as it was written.
    pub(super) fn iri(&mut self, property: &str, text: &str) -> Option<Iri> {
        match text.trim().parse() {
            Ok(iri) if !text.starts_with(NOWHERE) => Some(iri),
            _ => {
                let told = text.strip_prefix(NOWHERE).unwrap_or(text).chars().take(200).collect();
                self.doubts.push(Doubt::NoAddress(property.to_owned(), told));
                None
            }
        }
    }

    /// An access level that is no word and no address: whatever it says, it does not say open. The caller keeps it.
    pub(super) fn unread_access(&mut self, printed: &str) {
        self.doubts.push(Doubt::UnknownAccess(printed.chars().take(200).collect()));
    }

    /// The record, as far as it can be one.
    pub(super) fn finish(mut self, id: Iri, names: &Names, quote: fn(&str) -> String) -> Result<Imported, Problem> {
        let (title, title_in) = self.texts(names.title, |d| &mut d.titles, quote)?.ok_or(Problem::NoTitle)?;
        let (description, description_in) = match self.texts(names.description, |d| &mut d.descriptions, quote)? {
            Some(found) => found,
            None => {
                self.doubts.push(Doubt::NoDescription);
                (title.clone(), title_in.clone())
            }
        };
        self.described.title_in = title_in;
        self.described.description_in = description_in;
        let licence = self.licence(names, quote)?;
        let access = self.access(names, licence.as_ref(), quote)?;
        let publisher = [&self.described.publisher, &self.described.creator]
            .into_iter()
            .flatten()
            .find_map(agent_name)
            .unwrap_or_default();
        let described = &mut self.described;
        for list in [&mut described.themes, &mut described.languages, &mut described.documentation, &mut self.models] {
            sorted(list);
        }
        sorted(&mut described.spatial);
        sorted(&mut described.keywords);
        sorted(&mut described.unmapped);
        let act = |l: &Legislation| (l.iri.clone(), l.reference.clone(), l.label.clone());
        described.legislation.sort_by_cached_key(act);
        described.legislation.dedup();
        described.distributions.sort_by(|a, b| order(a).cmp(&order(b)));
        sorted(&mut self.doubts);
        Ok(Imported {
            id,
            name: self.name,
            title,
            description,
            publisher,
            access,
            licence,
            described: Box::new(self.described),
            models: self.models,
            hidden: false,
            doubts: self.doubts,
        })
    }

    /// A text in both languages with the one language that it was written in; what is left of it is kept.
    fn texts(
        &mut self,
        property: &str,
        of: fn(&mut Draft) -> &mut Texts,
        quote: fn(&str) -> String,
    ) -> Result<Option<Chosen>, Problem> {
        let (found, rest) = std::mem::take(of(self)).chosen();
        for (language, text) in rest {
            let text = quote(&text);
            let value = if language == UNSAID { text } else { format!("{text}@{language}") };
            self.unmapped(property, value)?;
        }
        Ok(found)
    }

    /// The one licence of the data: that of the dataset, else the one that every one of its forms has.
    fn licence(&mut self, names: &Names, quote: fn(&str) -> String) -> Result<Option<Iri>, Problem> {
        sorted(&mut self.licences);
        let own = std::mem::take(&mut self.licences);
        if own.len() > 1 {
            for licence in &own {
                self.unmapped(names.licence, quote(licence.as_str()))?;
            }
            self.doubts.push(Doubt::SeveralLicences(own.iter().map(Iri::to_string).collect()));
            return Ok(None);
        }
        if let Some(licence) = own.into_iter().next() {
            return Ok(Some(licence));
        }
        // one of its own that could not be read is kept, and is not that of its forms
        if self.described.unmapped.iter().any(|kept| kept.property == names.licence) {
            return Ok(None);
        }
        let forms = &self.described.distributions;
        let mut of_forms: Vec<Iri> = forms.iter().filter_map(|d| d.licence.clone()).collect();
        let all = of_forms.len() == forms.len();
        sorted(&mut of_forms);
        if of_forms.len() > 1 {
            self.doubts.push(Doubt::SeveralLicences(of_forms.iter().map(Iri::to_string).collect()));
            return Ok(None);
        }
        Ok(of_forms.pop().filter(|_| all))
    }

    /// How open it is: the strictest level that is stated, and closed in any doubt.
    fn access(&mut self, names: &Names, open: Option<&Iri>, quote: fn(&str) -> String) -> Result<Access, Problem> {
        let unread = self.doubts.iter().any(|doubt| matches!(doubt, Doubt::UnknownAccess(_)));
        let mut stated = std::mem::take(&mut self.access);
        stated.sort_unstable();
        stated.dedup();
        let strict = |level: &String| access_level(level).map_or(3, |l| strictness(l.access));
        stated.sort_by_key(|level| std::cmp::Reverse(strict(level)));
        if stated.len() > 1 {
            self.doubts.push(Doubt::SeveralAccess(stated.clone()));
        }
        let mut levels = stated.into_iter();
        let Some(first) = levels.next() else {
            if !unread {
                self.doubts.push(Doubt::NoAccess);
            }
            return Ok(Access::Closed);
        };
        let known = access_level(&first);
        match first.parse() {
            Ok(iri) => self.described.access_rights = Some(iri),
            Err(_) => self.unmapped(names.access, quote(&first))?,
        }
        for other in levels {
            self.unmapped(names.access, quote(&other))?;
        }
        let Some(level) = known else {
            self.doubts.push(Doubt::UnknownAccess(first));
            return Ok(Access::Closed);
        };
        if unread {
            return Ok(Access::Closed);
        }
        if level.access != Access::Open {
            return Ok(level.access);
        }
        Ok(match open {
            None => {
                if !self.doubts.iter().any(|d| matches!(d, Doubt::SeveralLicences(_))) {
                    self.doubts.push(Doubt::NoLicence);
                }
                Access::Closed
            }
            Some(iri) if licence(iri.as_str()) == Licence::Closed => {
                self.doubts.push(Doubt::ClosedLicence(iri.to_string()));
                Access::Closed
            }
            Some(_) => Access::Open,
        })
    }
}

fn strictness(access: Access) -> u8 {
    match access {
        Access::Open => 0,
        Access::Conditions => 1,
        Access::Closed => 2,
    }
}

fn order(d: &crate::model::description::Distribution) -> (Option<&Iri>, Option<&Iri>, Option<&Iri>, Option<&str>) {
    (d.id.as_ref(), d.access_url.as_ref(), d.download_url.as_ref(), d.title.as_deref())
}

fn sorted<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// The name of an organisation; of one that is only referred to, the end of its IRI.
pub(super) fn agent_name(agent: &Agent) -> Option<String> {
    agent.name.clone().or_else(|| {
        let iri = agent.iri.as_ref()?.as_str().trim_end_matches('/');
        let end = iri.rsplit(['/', '#']).next()?;
        Some(end.replace('_', " ")).filter(|name| !name.is_empty())
    })
}

/// A word to find it by.
pub(super) fn keyword(text: &str, lang: Option<&str>) -> Option<Keyword> {
    let text = text.trim();
    (!text.is_empty()).then(|| Keyword { text: text.to_owned(), lang: lang.map(str::to_owned) })
}

/// The day at the beginning of a date or an instant.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let rest = text.get(10..)?;
    text.get(..10).filter(|_| rest.is_empty() || rest.starts_with(['T', ' ', 'Z', '+']))?.parse().ok()
}

/// A text in both languages, and the one language that it was written in if there was one only.
type Chosen = (Bilingual, Option<String>);

/// A text as it was said in languages.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<(String, String)>);

impl Texts {
    pub(super) fn add(&mut self, text: &str, lang: Option<&str>) {
        let text = text.trim();
        if !text.is_empty() {
            self.0.push((lang.map_or_else(|| UNSAID.to_owned(), str::to_ascii_lowercase), text.to_owned()));
        }
    }

    /// The text in both languages, in which one it was written if there was one only, and what is left. Several in one language are taken in the
    /// order of their letters, since files have none.
    fn chosen(mut self) -> (Option<Chosen>, Vec<(String, String)>) {
        self.0.sort_unstable();
        self.0.dedup();
        let mut take = |wanted: fn(&str) -> bool| {
            let at = self.0.iter().position(|(language, _)| wanted(language))?;
            Some(self.0.remove(at))
        };
        let nl = take(|l| l == "nl" || l.starts_with("nl-"));
        let en = take(|l| l == "en" || l.starts_with("en-"));
        let found = match (nl, en) {
            (Some((_, nl)), Some((_, en))) => Some((Bilingual { en, nl }, None)),
            (Some((language, text)), None) | (None, Some((language, text))) => Some(one(text, language)),
            (None, None) => {
                take(|l| l == UNSAID).or_else(|| take(|_| true)).map(|(language, text)| one(text, language))
            }
        };
        (found, self.0)
    }
}

fn one(text: String, language: String) -> Chosen {
    (Bilingual { en: text.clone(), nl: text }, Some(language))
}
