create schema if not exists automation;
create schema if not exists automation_private;
alter schema automation owner to automation_owner;
alter schema automation_private owner to automation_owner;
comment on schema automation is
    'Marketing automation: the tables, views and functions that other services use.';
