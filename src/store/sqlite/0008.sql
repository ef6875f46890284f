-- What is remembered of hosts, so that a restart makes nobody rude.

create table host (
    name text primary key,
    waits_until integer not null
) strict, without rowid;

create table robots (
    origin text primary key,
    asked integer not null,
    record text not null              -- JSON
) strict;
