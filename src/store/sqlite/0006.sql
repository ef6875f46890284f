-- Of a large cluster only the oldest and the newest members of each home are read, see known.rs.
drop index story_cluster;
create index story_cluster on story (cluster, home, time);
