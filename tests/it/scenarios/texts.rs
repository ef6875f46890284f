//! What the sources of the scenarios say. Nobody else has said it.

/// A report of about 110 words: the talks.
pub(super) const TALKS: &str = "The two delegations left the assembly hall late in the evening without a deal on the shared \
    river, and the chair of the talks said that no date had been set for another round. Negotiators had worked through the \
    weekend on how much water each side may take in a dry summer. They agreed on gauges and on a common flood warning, the \
    chair said, but not on the figure itself. Farmers on both banks had asked for certainty before the sowing season begins. \
    The upper bank wants the figure to follow the level of the lake, the lower bank wants it fixed. Both will report to \
    their councils next week, and both said that the door stays open.";

/// The first sentences of [`TALKS`], as a summary has them: about 50 words.
pub(super) const TALKS_SUMMARY: &str = "The two delegations left the assembly hall late in the evening without a deal on the \
    shared river, and the chair of the talks said that no date had been set for another round. Negotiators had worked \
    through the weekend on how much water each side may take in a dry summer.";

/// The same evening as [`TALKS`], told by somebody else in words of their own.
pub(super) const TALKS_RETOLD: &str = "Nobody was smiling when the doors opened. After two nights at the table, envoys from the \
    upper and the lower valley packed their maps and drove home with little to show. A quota for dry years remains the \
    stumbling block, people close to the meeting told us, though measuring stations will now be built together. One envoy \
    called the mood friendly and the result thin. Growers who depend on the canal fear another spring of guessing.";

/// A report of about 90 words that has nothing to do with [`TALKS`].
pub(super) const FERRY: &str = "The old ferry will make her last crossing on the eve of the harbour festival, after sixty years \
    between the market quay and the islands. A heavier boat with batteries takes over the morning after. The shipyard had \
    repaired the hull four times, the operator said, and a fifth repair would have cost more than the ship is worth. \
    Islanders collected signatures to keep her as a museum, and the mayor promised a berth beside the fish hall. The crew \
    of seven stays on and has been learning to charge instead of refuel since the autumn.";

/// A report of about 80 words about a third matter.
pub(super) const LIBRARY: &str = "Readers may keep borrowed books for six weeks instead of four, the library board decided, and \
    nobody pays a fine any more for being late. Fines brought in less than it cost to collect them, the treasurer told the \
    board. Whoever returns nothing at all will still be written to, first kindly and then less so. The reading room opens \
    on holidays too, with volunteers at the desk. A petition with many names had asked for that, and the board thanked \
    those who had gone from door to door.";

const WORDS: &[&str] = &[
    "harvest", "lantern", "council", "bridge", "orchard", "signal", "teacher", "winter", "market", "window", "garden",
    "engine", "letter", "harbour", "village", "copper", "river", "museum", "baker", "summit", "carpet", "station",
    "meadow", "singer", "bottle", "valley", "doctor", "ladder", "quarry", "feather", "kettle", "island", "printer",
    "castle", "butter", "forest", "anchor", "pencil", "saddle", "tunnel", "wagon", "thread", "mirror", "cellar",
    "painter", "hammer", "blanket", "tailor", "granite", "cherry", "turbine", "archive", "violin", "pasture", "rocket",
    "chimney", "dolphin", "ginger", "walnut", "compass", "marble", "gutter", "sparrow", "velvet",
];

/// So many words that belong to this number alone: two numbers share no run of them.
pub(super) fn invented(number: u64, words: usize) -> String {
    // SplitMix64: the same text in every run, without a dependency.
    let mut state = number.wrapping_mul(0xd134_2543_de82_ef95);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        WORDS[((mixed ^ (mixed >> 31)) % WORDS.len() as u64) as usize]
    };
    let text: Vec<&str> = (0..words).map(|_| next()).collect();
    format!("{}.", text.join(" "))
}
