-- Rows that change, records and log that never do.
--
-- The triggers stop accidents, not attackers: whoever may write this file may drop them. What shows tampering is the
-- Merkle tree over the leaves together with a checkpoint that somebody else holds.

CREATE TABLE state (
    kind    TEXT    NOT NULL,
    key     TEXT    NOT NULL CHECK (key <> ''),
    parent  TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    body    BLOB    NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
CREATE INDEX state_by_parent ON state (kind, parent, key) WHERE parent IS NOT NULL;

-- 'deleted': the highest version of any row that was deleted; new rows start above it.
-- 'settled': counts the writes that make the outcome of a failed commit final.
CREATE TABLE counter (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('deleted', 0), ('settled', 0);

CREATE TABLE record (
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    id     TEXT NOT NULL UNIQUE CHECK (id <> ''),
    kind   TEXT NOT NULL,
    about  TEXT,
    bytes  BLOB NOT NULL
) STRICT;
CREATE INDEX record_by_kind ON record (kind, id);
CREATE INDEX record_by_about ON record (about, id) WHERE about IS NOT NULL;

CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is never removed'); END;

CREATE TABLE leaf (
    idx    INTEGER NOT NULL PRIMARY KEY,
    digest BLOB    NOT NULL CHECK (length(digest) = 32),
    bytes  BLOB    NOT NULL
) STRICT;
CREATE INDEX leaf_by_digest ON leaf (digest);

CREATE TRIGGER leaf_follows_the_last BEFORE INSERT ON leaf
WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM leaf)
BEGIN SELECT raise(ABORT, 'a leaf follows the last one'); END;
CREATE TRIGGER leaf_is_never_changed BEFORE UPDATE ON leaf
BEGIN SELECT raise(ABORT, 'a leaf is never changed'); END;
CREATE TRIGGER leaf_is_never_removed BEFORE DELETE ON leaf
BEGIN SELECT raise(ABORT, 'a leaf is never removed'); END;

-- The hash of the complete subtree of 256^level leaves that starts at leaf idx * 256^level.
CREATE TABLE hash (
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
    idx   INTEGER NOT NULL,
    hash  BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER hash_follows_the_last BEFORE INSERT ON hash
WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM hash WHERE level = NEW.level)
BEGIN SELECT raise(ABORT, 'a hash follows the last one of its level'); END;
CREATE TRIGGER hash_is_never_changed BEFORE UPDATE ON hash
BEGIN SELECT raise(ABORT, 'a hash is never changed'); END;
CREATE TRIGGER hash_is_never_removed BEFORE DELETE ON hash
BEGIN SELECT raise(ABORT, 'a hash is never removed'); END;

-- One row: the log as of the last commit that advanced it. newest is in seconds since 1970.
CREATE TABLE head (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    size       INTEGER NOT NULL CHECK (size > 0),
    checkpoint BLOB    NOT NULL,
    newest     INTEGER NOT NULL
) STRICT;

CREATE TRIGGER head_only_grows BEFORE UPDATE ON head
WHEN NEW.size <= OLD.size OR NEW.newest < OLD.newest
BEGIN SELECT raise(ABORT, 'the log only grows and its newest record never gets older'); END;
CREATE TRIGGER head_is_never_removed BEFORE DELETE ON head
BEGIN SELECT raise(ABORT, 'the head is never removed'); END;
