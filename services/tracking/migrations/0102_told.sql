-- What was told of a journey cannot be folded from scans: version and states_told, and what the last version said.
-- The last version said state and last_scan_id, unless told_state is there: a rebuild found then that the scans add up
-- to something else than was told. Null in all rows that appending writes, so an earlier release need not know it.
alter table journey add column told_state text, add column told_scan_id uuid;

-- Set where a topic alone told of this scan after the log was lost: the state that the journey was told to have by it.
alter table scan add column restored_state text;
