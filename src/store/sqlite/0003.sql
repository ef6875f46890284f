-- Who speaks in a telling; nothing is known of what was delivered before.

alter table inbox add column agency text;
alter table inbox add column press_release integer not null default 0;
alter table inbox add column owner text;

alter table story add column agency text;
alter table story add column press_release integer not null default 0;
alter table story add column owner text;
