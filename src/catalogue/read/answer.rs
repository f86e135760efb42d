//! The answers of CKAN's action API, taken apart: the packages as they are written, and what stands around them.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::MAX_RECORDS;

/// What an answer holds, as far as it could be read.
#[derive(Debug, Default)]
pub(super) struct Found<'de> {
    pub(super) success: Option<bool>,
    pub(super) error: Option<&'de RawValue>,
    pub(super) count: Option<u64>,
    pub(super) help: Option<String>,
    pub(super) packages: Vec<&'de RawValue>,
    /// There was a list, even if it is empty.
    pub(super) listed: bool,
    /// The members of a package by itself.
    pub(super) members: Vec<(String, &'de RawValue)>,
    /// More packages than are read.
    pub(super) full: bool,
}

/// The answer, or what is in its `result`: it fills what was found as it goes, so that what stands before a fault is kept.
pub(super) struct Answer<'a, 'de>(pub(super) &'a mut Found<'de>);

impl<'de> DeserializeSeed<'de> for Answer<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Answer<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer of CKAN: an object or a list of packages")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.listed = true;
        while let Some(item) = items.next_element::<&RawValue>()? {
            if self.0.packages.len() == MAX_RECORDS {
                self.0.full = true;
                return Err(A::Error::custom("too many packages"));
            }
            self.0.packages.push(item);
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut met = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            // of two members of one name readers take this one or that one
            if !met.insert(name.clone()) {
                return Err(A::Error::custom(format!("the member `{name}` stands twice")));
            }
            match name.as_str() {
                "result" | "results" => members.next_value_seed(Answer(self.0))?,
                "success" => self.0.success = serde_json::from_str(members.next_value::<&RawValue>()?.get()).ok(),
                "error" => self.0.error = Some(members.next_value()?),
                "count" => self.0.count = serde_json::from_str(members.next_value::<&RawValue>()?.get()).ok(),
                "help" => self.0.help = serde_json::from_str(members.next_value::<&RawValue>()?.get()).ok(),
                "facets" | "search_facets" | "sort" => drop(members.next_value::<&RawValue>()?),
                _ => self.0.members.push((name, members.next_value()?)),
            }
        }
        Ok(())
    }
}
