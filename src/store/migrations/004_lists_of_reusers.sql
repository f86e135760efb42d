-- The deals of a reuser, for the deals that are there: the engine makes this row with each new one.
INSERT INTO state (kind, key, parent, version, body)
SELECT 'reuser-deal', key, json_extract(CAST(body AS TEXT), '$.reuser'),
       (SELECT value + 1 FROM counter WHERE name = 'deleted'), CAST('"' || key || '"' AS BLOB)
FROM state WHERE kind = 'deal';

-- What is kept for a while is listed under the minute in which its time is over.
UPDATE state SET parent = strftime('%Y-%m-%dT%H:%M', json_extract(CAST(body AS TEXT), '$.at'), '+1 day', '+59 seconds')
WHERE kind = 'idempotency';
UPDATE state SET parent = strftime('%Y-%m-%dT%H:%M', json_extract(CAST(body AS TEXT), '$.at'), '+8 hours', '+59 seconds')
WHERE kind = 'session';
