-- What a page answered is forgotten in time, see awaited.rs.
create index page_at on page (at);
