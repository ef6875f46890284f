-- Times are milliseconds since 1970, UTC. Digests, cluster ids and fingerprints are blobs.

create table visit (
    source text primary key,
    record text not null              -- JSON
) strict, without rowid;

-- What a story says and its hashes are written once, when delivered; deciding moves only the number.
create table body (
    id integer primary key,
    story text not null               -- JSON
) strict;

create table print (
    body integer primary key,
    data blob not null                -- see fingerprint.rs
) strict;

create table inbox (
    body integer primary key,
    source text not null,
    key text not null,
    digest blob not null,
    folding text not null,
    rank integer not null,
    time integer not null,            -- as published, else as first seen
    first_seen integer not null,
    publish integer not null,
    unique (source, key)
) strict;

create index inbox_order on inbox (time, rank, source, key);

create table story (
    id integer primary key,
    body integer not null,
    source text not null,
    key text not null,
    digest blob not null,
    cluster blob not null,
    folding text not null,
    time integer not null,            -- as published, else as first seen
    shelf_time integer not null,      -- as published, but never after first seen
    first_seen integer not null,
    decided integer not null,
    revised integer,
    publish integer not null,
    slim integer not null,            -- 1: pruned to its identities
    verdict text not null,
    words integer not null,
    first_words integer not null,     -- words of its text when it was decided about
    url text,
    title text not null,
    unique (source, key)
) strict;

create index story_cluster on story (cluster);
create index story_shelf on story (source, shelf_time) where publish = 1;
create index story_full on story (time) where slim = 0;

create table reason (
    story integer primary key,
    because text not null,            -- JSON, see reason.rs
    apart text not null
) strict;

-- The index of keys, see keys.rs.
create table key_segment (
    id integer primary key,
    tree integer not null,
    entries integer not null,
    fences blob not null              -- the first entry of each chunk
) strict;

create table key_chunk (
    id integer primary key,           -- segment << 24 | number in it
    data blob not null
) strict;

create table key_sieve (
    id integer primary key,           -- segment << 24 | number in it; see sieve.rs
    data blob not null
) strict;

create table key_dead (
    one integer primary key check (one = 1),
    entries integer not null          -- about so many passing entries lead to nothing any more
) strict;

insert into key_dead values (1, 0);

create table settled (
    one integer primary key check (one = 1),
    at integer                        -- when a decision was recorded last
) strict;

insert into settled values (1, null);
