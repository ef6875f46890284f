-- Where redirectors lead, asked once.
create table lead (
    address text primary key,
    target text,                      -- null: nowhere
    at integer not null
) strict, without rowid;

create index lead_at on lead (at);
