-- Whom an item is for was told by its post alone where no clerk ever wrote it, also if the post said where it waits.

-- A clerk's hand shows in a correction, in the read that is noted as an item is taken in by hand, and in an addressee
-- who is not the one of the content. Reads were not noted from the first day on, and the content may have been told
-- again since: where the two differ nothing tells who wrote the addressee, and it stays as if a clerk had. So it does
-- where the content was forgotten with the people.
update inbound_item set addressee_by_hand = false
where source = 'itmatt' and addressee_by_hand and collecting_office is not null
    and addressee ->> 'name' = content #>> '{addressee,name}'
    and coalesce(addressee -> 'address', '[]') = coalesce(content #> '{addressee,address}', '[]')
    and addressee ->> 'postal_code' is null and addressee ->> 'place' is null
    -- The one is as it was told, the other E.164: they share their last eight digits.
    and (
        addressee ->> 'phone' is null
        or right(addressee ->> 'phone', 8) = right(regexp_replace(content #>> '{addressee,phone}', '\D', '', 'g'), 8)
    )
    and not exists (select from inbound_correction where inbound_correction.item_number = inbound_item.item_number)
    and not exists (
        select from personal_data_read
        where personal_data_read.item_numbers @> array[inbound_item.item_number]
            and personal_data_read.what = 'taken in by hand' and personal_data_read.read_at >= inbound_item.received_at
    );
