-- Where a record stands in the log is said beside it, once. An index over the leaves by digest cost each commit one page of a random place for
-- every record, as much as the index over the records does.
DROP TRIGGER record_is_never_changed;
ALTER TABLE record ADD COLUMN leaf INTEGER;
UPDATE record SET leaf = (SELECT min(idx) FROM leaf WHERE leaf.digest = record.digest);
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
WHEN OLD.leaf IS NOT NULL OR NEW.rowid <> OLD.rowid OR NEW.digest <> OLD.digest OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
    OR NEW.about IS NOT OLD.about OR NEW.bytes <> OLD.bytes
BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
DROP INDEX leaf_by_digest;

-- Mostly it is said when the record is written, which is cheaper. A log that continues another one logs records that were there before, and a
-- program from before this step, which may still be running, does not know of the column.
CREATE TRIGGER leaf_is_said AFTER INSERT ON leaf
WHEN EXISTS (SELECT 1 FROM record WHERE digest = NEW.digest AND leaf IS NULL)
BEGIN UPDATE record SET leaf = NEW.idx WHERE digest = NEW.digest; END;
