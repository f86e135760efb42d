//! The types of columns: the built-in datatypes of CSVW, and which type of Table Schema stands for each.

/// The built-in datatypes of CSVW (Metadata Vocabulary for Tabular Data, section 5.11.1).
const BUILT_IN: [&str; 47] = [
    "any",
    "anyAtomicType",
    "anyURI",
    "base64Binary",
    "binary",
    "boolean",
    "byte",
    "date",
    "dateTime",
    "dateTimeStamp",
    "datetime",
    "dayTimeDuration",
    "decimal",
    "double",
    "duration",
    "float",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "html",
    "int",
    "integer",
    "json",
    "language",
    "long",
    "Name",
    "negativeInteger",
    "NMTOKEN",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "normalizedString",
    "number",
    "positiveInteger",
    "QName",
    "short",
    "string",
    "time",
    "token",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
    "xml",
    "yearMonthDuration",
];

/// Whether CSVW knows it. What it does not know stands among what is kept.
#[must_use]
pub fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// Types of Table Schema, each with the datatype of CSVW that stands for it. Of several, the first is the one that is written.
const PAIRS: [(&str, &str); 15] = [
    ("string", "string"),
    ("integer", "integer"),
    ("number", "number"),
    ("boolean", "boolean"),
    ("date", "date"),
    ("time", "time"),
    ("datetime", "dateTime"),
    ("year", "gYear"),
    ("yearmonth", "gYearMonth"),
    ("duration", "duration"),
    ("object", "json"),
    ("array", "json"),
    ("geojson", "json"),
    ("any", "anyAtomicType"),
    ("geopoint", "string"),
];

/// The datatype of CSVW for a type of Table Schema; none for a type that it does not have.
#[must_use]
pub fn of_table_schema(kind: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(name, _)| *name == kind).map(|(_, datatype)| *datatype)
}

/// The type of Table Schema for a datatype of CSVW: the same, else the nearest that holds its values.
#[must_use]
pub fn to_table_schema(datatype: &str) -> &'static str {
    if let Some((name, _)) = PAIRS.iter().find(|(_, d)| *d == datatype) {
        return name;
    }
    match datatype {
        "byte" | "int" | "long" | "short" | "unsignedByte" | "unsignedInt" | "unsignedLong" | "unsignedShort"
        | "negativeInteger" | "nonNegativeInteger" | "nonPositiveInteger" | "positiveInteger" => "integer",
        "decimal" | "double" | "float" => "number",
        "dateTimeStamp" | "datetime" => "datetime",
        "dayTimeDuration" | "yearMonthDuration" => "duration",
        "any" => "any",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_go_there_and_back() {
        for (kind, datatype) in PAIRS {
            assert!(is_built_in(datatype), "{datatype}");
            assert_eq!(of_table_schema(to_table_schema(datatype)), Some(datatype), "{kind}");
        }
        assert_eq!((to_table_schema("unsignedByte"), to_table_schema("hexBinary")), ("integer", "string"));
        assert!(!is_built_in("varchar") && of_table_schema("varchar").is_none());
    }
}
