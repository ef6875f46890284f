-- Stories of the inbox that wait for the text of their page.
create table awaited (
    body integer primary key,
    page text not null,               -- the address
    since integer not null,
    tries integer not null            -- how often the page was asked for in vain
) strict;

-- The last answer of each page that was fetched for a story.
create table page (
    address blob primary key,         -- its SHA-256
    at integer not null,
    etag text,
    last_modified text
) strict, without rowid;
