"""
Seed, key and style -> jingles: an ident, a headline bed, stings and a closing, all our own.

`package.py` finds the set that ships (`default_jingles`, `mix_points`) and makes new ones (`make_imaging`);
`python -m bulletin.imaging --style bright --seed 7 --key D FOLDER` does that by hand.

How a set comes about: `styles.py` says what a style is (mode, tempo, motifs, chords, instruments, balance),
`theory.py` turns degrees into pitches, `score.py` draws a tune from the seed, `pieces.py` arranges it,
`instruments.py` and `percussion.py` play the notes (`waves.py`: oscillators and envelopes), `desk.py` balances
the stems by their loudness and adds the hall (`hall.py`), `master.py` levels and limits, `render.py` writes.
Nothing is sampled: every sound is computed, so the jingles carry the project's own licence.
"""
