-- Which deals give a reuser a dataset, for the deals that are there: the engine makes this row with each new one.
INSERT INTO state (kind, key, parent, version, body)
SELECT 'deal-of', key, json_extract(CAST(body AS TEXT), '$.reuser') || ' ' || json_extract(CAST(body AS TEXT), '$.dataset'),
       (SELECT value + 1 FROM counter WHERE name = 'deleted'), CAST('"' || key || '"' AS BLOB)
FROM state WHERE kind = 'deal';
