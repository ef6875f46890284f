-- Finds by the id that a story had before a person merged it with another; few have one.
create index story_home on story (home) where home is not cluster;
-- Of a large cluster only the oldest and the newest members of each home are read, see known.rs.
drop index story_cluster;
create index story_cluster on story (cluster, home, time);
