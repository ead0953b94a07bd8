-- When what a declaration says of people was forgotten, with those of its parcel.

alter table customs_declaration add column erased_at timestamptz;
