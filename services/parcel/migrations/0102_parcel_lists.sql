-- Lists of parcels, newest first, stay as fast as they are when there are many.

create index parcel_by_holding_office on parcel (holding_office, registered_at desc, item_number desc)
    where holding_office is not null;
create index parcel_by_order_reference on parcel (order_reference) where order_reference is not null;
create index parcel_by_time on parcel (registered_at desc, item_number desc);
