-- What watched tables capture their changes with is written by the code that has just been loaded.
select automation_private.rewrite_captures();
