-- The lines that a source repeats; see block.rs.
create table teacher (
    source text primary key,
    stories integer not null,         -- that taught
    blocks integer not null           -- its rows in block
) strict, without rowid;

create table block (
    source text not null,
    block integer not null,           -- hash of the line's words
    first integer not null,           -- number of the story that had it first
    last integer not null,
    times integer not null,
    learnt integer not null,
    witnesses blob not null,
    primary key (source, block)
) strict, without rowid;

-- Whether a story has taught already; what is delivered anew replaces its row.
alter table inbox add column taught integer not null default 0;
