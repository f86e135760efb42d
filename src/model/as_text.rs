//! Serde of types whose JSON is their text: read with `FromStr`, written with `Display`, without a copy of the text between.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

/// Gives a type the serde of its text, and the schema of it: a text with a pattern, or with the format of a known standard.
macro_rules! as_text {
    ($type:ident, $how:ident = $text:literal, $example:literal) => {
        $crate::model::as_text::as_text!($type);
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::model::as_text::as_text!(@schema $how $text).examples([$example]).into()
            }
        }
        impl utoipa::ToSchema for $type {}
    };
    (@schema pattern $text:literal) => {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String).pattern(Some($text))
    };
    (@schema format $text:literal) => {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom($text.to_owned())))
    };
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::model::as_text::FromText::new())
            }
        }
    };
}
pub(crate) use as_text;

/// Reads a text as what it says.
pub(crate) struct FromText<T>(PhantomData<T>);

impl<T> FromText<T> {
    pub(crate) fn new() -> Self {
        FromText(PhantomData)
    }
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
