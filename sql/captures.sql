-- What captures changes, and what listens to them, is made by the code that has just been loaded.
select automation_private.rewrite_captures();
select automation_private.renew_listeners();
