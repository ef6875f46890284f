-- In which feed a story is, where it is to be in one only of several; see seats.rs.
create table seat (
    scope text not null,
    cluster blob not null,
    output text not null,
    source text,                      -- of an output with a feed for each source
    primary key (scope, cluster)
) strict, without rowid;
