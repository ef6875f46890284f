-- Segments are merged a part at a time, see keys/merge.rs.

-- The first entry of each chunk, in rows that fill a page; id as of chunks.
create table key_fence (
    id integer primary key,           -- segment << 24 | number in it
    data blob not null
) strict;

insert into key_fence
with recursive part (segment, number) as (
    select id, 0 from key_segment
    union all
    select segment, number + 1 from part join key_segment on id = segment
    where (number + 1) * 4032 < length(fences)
)
select segment << 24 | number, substr(fences, number * 4032 + 1, 4032)
from part join key_segment on id = segment;

alter table key_segment drop column fences;
-- The segment that this one is being merged into.
alter table key_segment add column target integer;
-- Entries below this stand in the target and no longer here; an unsigned number as a signed one.
alter table key_segment add column moved integer not null default 0;

-- Which stories were pruned: a bit each.
create table key_slim (
    id integer primary key,           -- a story's id / 32256
    stories blob not null
) strict;

-- Pruned once more, so that they are in the table above.
update story set slim = 0 where slim = 1;

-- Counting them all takes the longer the more there are.
alter table settled add column stories integer not null default 0;
alter table settled add column clusters integer not null default 0;
update settled set stories = (select count(*) from story), clusters = (select count(distinct cluster) from story);
