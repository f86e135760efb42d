-- How many commits wrote rows of a kind that seldom changes. Whoever has read such rows knows by an equal number that they
-- are still as they were.
CREATE TABLE epoch (
    kind  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value > 0)
) STRICT, WITHOUT ROWID;
