"""The children's book: its five words, its sentences, and what can be wrong with one."""

import collections

import numpy as np

WORDS = ("Doug", "Jane", "Spot", "saw", ".")
NAMES, SAW, PERIOD = 3, 3, 4
KINDS = ("self-seeing", "run-on", "verbless", "other")


def stories(rng, count, sentences):
    """Random stories as word numbers `(count, 4 · sentences)`: NAME saw another NAME."""
    first = rng.integers(NAMES, size=(count, sentences))
    second = (first + rng.integers(1, NAMES, size=first.shape)) % NAMES
    saw, period = np.full_like(first, SAW), np.full_like(first, PERIOD)
    return np.stack([first, saw, second, period], axis=2).reshape(count, -1)


def one_hot(words):
    return np.eye(len(WORDS), dtype="float32")[words]


def mistake(sentence):
    """Which of KINDS is wrong with the words of a sentence before its period, or None."""
    if sentence.count("saw") > 1:
        return "run-on"
    if "saw" not in sentence:
        return "verbless"
    if len(sentence) != 3 or sentence[1] != "saw":
        return "other"
    return "self-seeing" if sentence[0] == sentence[2] else None


def mistakes(text):
    """How many sentences of a text have which mistake; a run-on needs no period to be one."""
    *finished, rest = [sentence.split() for sentence in text.split(".")]
    unfinished = [rest] if mistake(rest) == "run-on" else []
    found = collections.Counter(map(mistake, finished + unfinished))
    return {kind: found[kind] for kind in KINDS}


def write(words):
    """Word numbers as text: "Doug saw Jane. Jane saw Spot."."""
    return " ".join(WORDS[word] for word in words).replace(" .", ".")
