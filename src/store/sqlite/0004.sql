-- A period is counted from this index alone, see standing.rs.
create index story_period on story (shelf_time, cluster, source);
