create table automation_private.housekeeping (
    task text primary key,
    due_at timestamptz not null
);

comment on table automation_private.housekeeping is
    'Chores of the clock that need no punctuality, and when each is next due.';

insert into automation_private.housekeeping (task, due_at)
values
    ('fold_in_flight', '-infinity'), ('fold_usage', '-infinity'), ('forget_subjects', '-infinity'),
    ('drop_blocks', '-infinity'), ('drop_results', '-infinity'), ('take_strays', '-infinity');
