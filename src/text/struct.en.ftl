# How a dataset is built, and reuse of it in plain words: `dataset show`, `dataset structure`, `dataset relations`.

struct-publisher = Published by: { $value }
struct-sources = Made from data of: { $value }
struct-regime = Regime: { $regime ->
    [open] open data, under its licence
    [who] Reuse of public sector information (Wet hergebruik van overheidsinformatie)
    [dga] Data Governance Act
    [sector] the law of its own sector
   *[other] { $regime }
}
struct-open = Everybody may use it, under its licence. No request and no deal are needed.
struct-open-without-licence = Everybody may use it. No licence is named. No request and no deal are needed.
struct-evidence-head = What evidence is needed, and whose counts
struct-evidence-none = No evidence is asked.
struct-evidence = { $label }: { $proof }
struct-evidence-from = Counts from: { $issuers }
struct-evidence-nobody = Nobody's evidence of it counts yet: the trust list in force names none.
struct-issuer = { $name } ({ $kinds })
struct-pace-head = How long it takes
struct-pace = { $n ->
    [one] The last request took { $days ->
        [0] less than a day
        [one] one day
       *[other] { $days } days
    }.
   *[other] The last { $n } requests took { $days ->
        [0] less than a day
        [one] one day
       *[other] { $days } days
    } (median).
}
struct-pace-none = No request for it was decided on yet.
struct-price-head = What it costs
struct-price-open = Nothing is said of a price.
struct-price-none = No fee is asked.

struct-head = How “{ $title }” is built
struct-columns = Which columns ({ $n })
struct-columns-none = Its columns are not known. Set them: datadeal dataset structure { $slug } --csv FILE
struct-column-name = Column
struct-column-type = Type
struct-column-title = Title
struct-column-marks = Holds
struct-required = { $type }, always there
struct-key = A row is named by: { $columns }
struct-concepts = Which concepts
struct-concept = { $column }: { $concept }
struct-concepts-none = No column is linked to a concept.
struct-concepts-without = Not linked: { $columns }
struct-models = Which data model
struct-models-none = No data model is linked.
struct-relations = How it relates to other sources
struct-relation-to = { $columns } names rows of { $dataset } ({ $references })
struct-relation-from = { $dataset } names rows of it: { $columns } ({ $references })
struct-relation-itself = { $columns } names other rows of it ({ $references })
struct-relations-none = No relation with another dataset is known.
struct-titled = { $title }, { $iri }
struct-findings = Findings
struct-together = Asked for together these columns can point at one person, and no condition keeps them apart: { $columns }
struct-suggestion = { $column } seems to hold { $holds }, and is not marked as { $mark ->
    [identifying] identifying
    [special] special
   *[personal] personal data
}. Only its name says so: you decide.
struct-kept-head = Kept as it was written, for it has no place here ({ $n })
struct-kept = { $property } = { $value }
struct-kept-more = and { $n } more: --json tells all

struct-change = What this changes of “{ $title }” ({ $n ->
    [one] one column
   *[other] { $n } columns
} then)
struct-change-none = Nothing changes.
struct-change-new = new: { $column }
struct-change-gone = gone: { $column }
struct-change-changed = changed: { $column } ({ $parts })
struct-change-unmarked = { $column } is no longer marked as { $marks }: conditions for such columns no longer hold for it
struct-change-part = { $part ->
    [title] title
    [description] description
    [datatype] type
    [required] always there
    [concept] concept
    [group] group
    [marks] marks
    [order] the order of the columns
    [models] the data models
    [key] the columns that name a row
    [relations] the relations
   *[kept] what is kept as it was written
}
struct-change-other = changed: { $part }
struct-mark = { $mark ->
    [identifying] identifying
    [special] special
   *[personal] personal data
}
struct-version-new = Conditions can read what changes: the dataset gets a new version, { $version }.
struct-version-same = No condition reads what changes: the version stays { $version }.
struct-preview = Nothing is written yet.
struct-set = Set. The record of the new description: { $id }
struct-left = Not in this form, and kept here:
