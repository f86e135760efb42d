//! The labels of a schema, as the room of words asks for them.

use crate::conditions::{FactType, Schema};
use crate::model::condition::Bilingual;
use crate::text::Labels;

/// The labels of one schema.
#[derive(Debug, Clone, Copy)]
pub struct SchemaLabels<'a>(pub &'a Schema);

impl SchemaLabels<'_> {
    /// The type of what stands at a path, with the label of the fact or field.
    fn fact(&self, path: &str) -> Option<(Bilingual, FactType)> {
        let mut steps = path.split('.');
        let info = match steps.next()? {
            "declared" | "verified" => self.0.facts().get(steps.next()?)?,
            _ => return None,
        };
        let Some(member) = steps.next() else { return Some((info.label.clone(), info.ty.clone())) };
        let FactType::Record(members) = &info.ty else { return None };
        let found = members.get(member)?;
        let join = |a: &str, b: &str| format!("{a}: {b}");
        Some((
            Bilingual { en: join(&info.label.en, &found.label.en), nl: join(&info.label.nl, &found.label.nl) },
            found.ty.clone(),
        ))
    }

    fn same(text: &str) -> Bilingual {
        Bilingual { en: text.to_owned(), nl: text.to_owned() }
    }
}

impl Labels for SchemaLabels<'_> {
    fn path(&self, path: &str) -> Bilingual {
        let field = || self.0.field_label(path);
        self.fact(path).map(|(label, _)| label).or_else(field).unwrap_or_else(|| Self::same(path))
    }

    fn proof(&self, path: &str) -> Option<Bilingual> {
        let name = path.strip_prefix("verified.")?.split('.').next()?;
        self.0.facts().get(name)?.proof.clone()
    }

    fn word(&self, path: &str, word: &str) -> Option<Bilingual> {
        let list = match self.fact(path) {
            Some((_, FactType::Word(list) | FactType::Words(list))) => list,
            Some(_) => return None,
            None if path == "scope.level" => "DataLevel".to_owned(),
            None if path == "purpose" => "Purpose".to_owned(),
            None => return None,
        };
        Some(self.0.label(&list, word))
    }

    fn approval(&self, name: &str) -> Bilingual {
        self.0.label("Approval", name)
    }

    fn appointed_by(&self, approval: &str) -> Option<String> {
        self.0.list("Approval")?.get(approval)?.appointed_by.clone()
    }

    fn purpose(&self, name: &str) -> Bilingual {
        self.0.label("Purpose", name)
    }
}
