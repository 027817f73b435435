-- Actions of the platform's domain: functions that run inside the transition, as automation_actor.
create schema if not exists automation_cmis;
alter schema automation_cmis owner to automation_owner;
comment on schema automation_cmis is
    'What workflows may do to the platform''s own records: functions registered as actions.';
