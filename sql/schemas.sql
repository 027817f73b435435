create schema if not exists automation;
create schema if not exists automation_private;
create schema if not exists automation_capture;
alter schema automation owner to automation_owner;
alter schema automation_private owner to automation_owner;
alter schema automation_capture owner to automation_engine;
comment on schema automation is
    'Marketing automation: the tables, views and functions that other services use.';
comment on schema automation_capture is
    'One trigger function per watched table; watch_table writes them.';
