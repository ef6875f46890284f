-- Corrections by people, and what edits and new versions need.

-- The cluster a story was decided into; `cluster` is where it is after people's corrections.
alter table story add column home blob;
-- Words of its text when readers were last told of an edit, else when it was decided about.
alter table story add column told_words integer not null default 0;

update story set home = cluster, told_words = first_words;

create table dropped (
    cluster blob primary key,
    at integer not null
) strict, without rowid;

-- Which version of the hashes the fingerprints have, and how far they are renewed.
create table hashes (
    one integer primary key check (one = 1),
    version integer,                  -- null: not said yet
    renewing integer,                 -- the version they are being renewed to
    done integer not null             -- stories up to this number are renewed
) strict;

insert into hashes values (1, null, null, 0);
