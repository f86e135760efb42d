-- What datasets are found by: words that the program made of them, kept to be matched and not to be read. Databases from before have none yet:
-- the program writes them when somebody first looks for some.
CREATE TABLE worded (
    number  INTEGER NOT NULL PRIMARY KEY,
    key     TEXT    NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    form    INTEGER NOT NULL
) STRICT;

-- The words come folded and in lower case, with spaces between, so that the simplest tokenizer will do. Beginnings of three and four letters, which
-- fit many words, have an index.
CREATE VIRTUAL TABLE words USING fts5 (
    title_en, title_nl, en, nl, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '3 4'
);
