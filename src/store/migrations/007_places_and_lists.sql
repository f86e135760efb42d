-- What only lists a key under a parent has a tree of its own, and is once in it.
CREATE TABLE listed (
    name   TEXT NOT NULL,
    parent TEXT NOT NULL,
    key    TEXT NOT NULL CHECK (key <> ''),
    PRIMARY KEY (name, parent, key)
) STRICT, WITHOUT ROWID;
INSERT INTO listed (name, parent, key)
SELECT kind, parent, key FROM state WHERE kind IN ('deal-of', 'reuser-deal') AND parent IS NOT NULL;

-- Which places of a list are taken: a bit for each of 4,096, the first the leftmost of the first byte. Each place had a row of its own, whose key was
-- the owner of the list and the place: every deal wrote a page of a random place for it.
CREATE TABLE place (
    list  TEXT    NOT NULL,
    part  INTEGER NOT NULL CHECK (part >= 0),
    taken BLOB    NOT NULL CHECK (length(taken) = 512),
    PRIMARY KEY (list, part)
) STRICT, WITHOUT ROWID;
CREATE TEMP TABLE byte_of_place (list TEXT, part INTEGER, at INTEGER, bits INTEGER, PRIMARY KEY (list, part, at));
INSERT INTO byte_of_place
SELECT list, number / 4096, number % 4096 / 8, sum(128 >> (number % 8))
FROM (SELECT rtrim(rtrim(key, '0123456789'), '/') AS list,
             CAST(substr(key, 1 + length(rtrim(key, '0123456789'))) AS INTEGER) AS number
      FROM state WHERE kind = 'status')
GROUP BY 1, 2, 3;
INSERT INTO place (list, part, taken)
WITH RECURSIVE byte (at) AS (VALUES (0) UNION ALL SELECT at + 1 FROM byte WHERE at < 511),
    piece (list, part) AS (SELECT DISTINCT list, part FROM byte_of_place)
SELECT list, part, unhex(group_concat(printf('%02x', coalesce(bits, 0)), '' ORDER BY at))
FROM piece CROSS JOIN byte LEFT JOIN byte_of_place USING (list, part, at)
GROUP BY list, part;
DROP TABLE byte_of_place;

DELETE FROM state WHERE kind IN ('status', 'deal-of', 'reuser-deal');
-- A program from before this step, which may still be running, would write what nobody reads any more, and give a place away twice.
CREATE TRIGGER kind_is_of_the_past BEFORE INSERT ON state WHEN NEW.kind IN ('status', 'deal-of', 'reuser-deal')
BEGIN SELECT raise(ABORT, 'an older program wrote this: start it anew'); END;
