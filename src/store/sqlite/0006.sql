-- Finds by the id that a story had before a person merged it with another; few have one.
create index story_home on story (home) where home is not cluster;
