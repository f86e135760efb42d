"""A log as it is served, read over HTTP by a client that we did not write (`aics-tlog`).

    python http_log.py URL OLD

URL is where the log is served, OLD a file with a checkpoint of the same log when it was shorter. The key is the one that the log serves.
"""

import pathlib
import sys
import urllib.request

import aics_tlog as tlog


def get(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=15) as answer:
        return answer.read().decode()


def main(url, old):
    key = tlog.parse_vkey(get(f"{url}/key").strip())

    def head(text):
        found = tlog.verify_checkpoint(tlog.parse_note(text), key, [], quorum=0)
        assert found.ok, found
        return found

    new, old = head(get(f"{url}/checkpoint")), head(pathlib.Path(old).read_text(encoding="utf-8"))
    assert old.size < new.size
    reader = tlog.HttpTileReader(url, proxies={})
    assert tlog.audit_tiles(reader, new.size, new.root)
    for index in range(new.size):
        entry = tlog.read_entry(reader, index, new.size)
        path = tlog.inclusion_proof_from_tiles(reader, index, new.size)
        assert tlog.verify_leaf_inclusion(entry, index, new.size, path, new.root), index
    path = tlog.consistency_proof_from_tiles(reader, old.size, new.size)
    assert tlog.verify_consistency(old.size, new.size, old.root, new.root, path)
    print(f"log of {new.size} entries")


if __name__ == "__main__":
    main(*sys.argv[1:])
