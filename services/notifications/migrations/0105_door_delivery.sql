-- Whether a parcel is brought to the door of its recipient.
alter table parcel add column door_delivery boolean not null default false;
