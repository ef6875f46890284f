"""Deduplicates JSON lines with rensa, as its README does: 128 permutations, word 3-shingles, LSH.

    python with_rensa.py R|C FILE

R: RMinHash, looked up in RMinHashLSH and compared with what that finds; C: CMinHash, sketches alone, for
which rensa has no index.
"""

import json
import sys

from rensa import CMinHash, RMinHash, RMinHashLSH


def shingles(text):
    words = text.lower().split()
    return [" ".join(words[at : at + 3]) for at in range(len(words) - 2)] or words


kind, file = sys.argv[1:]
index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
sketches = []
duplicates = 0
with open(file, encoding="utf-8") as lines:
    for number, line in enumerate(lines):
        story = json.loads(line)
        sketch = (CMinHash if kind == "C" else RMinHash)(num_perm=128, seed=42)
        sketch.update(shingles(f"{story.get('title') or ''} {story.get('text') or ''}"))
        if kind == "R":
            duplicates += any(sketch.jaccard(sketches[other]) >= 0.5 for other in index.query(sketch))
            index.insert(number, sketch)
        sketches.append(sketch)
print(len(sketches), duplicates)
