-- Digests of records stand by parts of the log, of 1,024 leaves each: those of one commit are then on few pages, where in one tree over all of
-- them each was on a page of its own. That no digest is there twice follows from the ids, which stand in what is digested. Such a constraint cannot be
-- taken off a table, so there is a new one. What is left of the old one holds the same bytes, and need not be overwritten.
PRAGMA secure_delete = OFF;
DROP TRIGGER record_is_never_changed;
DROP TRIGGER record_is_never_removed;
ALTER TABLE record RENAME TO record_of_old;
CREATE TABLE record (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    id     TEXT NOT NULL UNIQUE CHECK (id <> ''),
    kind   TEXT NOT NULL,
    about  TEXT,
    bytes  BLOB NOT NULL,
    leaf   INTEGER
) STRICT;
INSERT INTO record (digest, id, kind, about, bytes, leaf)
SELECT digest, id, kind, about, bytes, leaf FROM record_of_old ORDER BY rowid;
DROP TABLE record_of_old;
PRAGMA secure_delete = ON;
CREATE INDEX record_by_digest ON record (leaf >> 10, digest);
CREATE INDEX record_by_kind ON record (kind, id);
CREATE INDEX record_by_about ON record (about, id) WHERE about IS NOT NULL;
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
WHEN OLD.leaf IS NOT NULL OR NEW.rowid <> OLD.rowid OR NEW.digest <> OLD.digest OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
    OR NEW.about IS NOT OLD.about OR NEW.bytes <> OLD.bytes
BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is never removed'); END;
