-- Parcels that were closed into a dispatch abroad before closings were noted are noted as well.

-- The news that told it is gone; the state that it left is not. Some states come abroad alone. In the others a parcel
-- was closed, or is about to be, where it is at an office of exchange and nothing holds it there: then it counts as
-- closed, for what was told of it must not be changed behind the back of its destination, and an office of exchange
-- can mend what is wrong of one that is still there. When it was closed is not known: when it was last heard of stands
-- for it.
insert into closed_item (item_number, closed_at)
select parcel.item_number, parcel.news_at
from parcel
left join customs_declaration as declared on declared.item_number = parcel.item_number
left join directory as office on office.kind = 'office' and office.id = parcel.holding_office
where parcel.destination_country <> 'KH'
    and (
        parcel.state in ('arrived', 'ready_for_collection', 'out_for_delivery', 'attempt_failed', 'delivered',
            'returning', 'returned')
        or (
            parcel.state in ('in_transit', 'at_customs', 'held')
            and office.body ->> 'office_kind' = 'office_of_exchange'
            -- Without these no office of exchange may close it.
            and (declared.advance_data_complete_at is not null or parcel.service = 'registered_letter')
        )
    )
on conflict do nothing;
