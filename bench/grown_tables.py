"""Tables as they are after many parcels: each with its kept answer, its two events, its journey and eight scans.

Rows lie as time lays them: a day's parcels are scanned in turn, so that the scans of one are far apart on the disk.
"""

import asyncio

import asyncpg

OFFICES = 18
"""Codes TK01A to TK18A; each has its share of the parcels at every size."""
A_DAY = 20_000
FIRST_SERIAL = 30_000_000
INDICATOR = "PD"
CODES = ("EMA", "EMB", "EMC", "EMJ", "EMK", "EMF", "EMG", "EMI")
MAKE_NUMBERS = f"""
    create table numbered as
    select n, day, '{INDICATOR}' || serial || case 11 - total % 11 when 10 then 0 when 11 then 5
            else 11 - total % 11 end || 'KH' as item_number,
        'TK' || lpad((n % {OFFICES} + 1)::text, 2, '0') || 'A' as office,
        'TK' || lpad((n * 7 % {OFFICES} + 1)::text, 2, '0') || 'A' as collecting_office,
        now() - make_interval(secs => ($1::integer - n) * 2) as posted_at
    from (
        select n, n / {A_DAY} as day, (n + {FIRST_SERIAL})::text as serial, (
            select sum(weight * substr((n + {FIRST_SERIAL})::text, place, 1)::integer)
            from (values (1, 8), (2, 6), (3, 4), (4, 2), (5, 3), (6, 5), (7, 9), (8, 7)) as weights (place, weight)
        )::integer as total
        from generate_series(0, $1::integer - 1) as n
    ) as counted
"""
PARCELS = """
    insert into parcel (item_number, office, service, destination_country, collecting_office, weight_g, sender,
        recipient, sender_phone, recipient_phone, link_secret, registered_by, registered_at, state, moved_version,
        holding_office, postage)
    select item_number, office, 'parcel', 'KH', collecting_office, 500 + n % 5000,
        jsonb_build_object('name', 'Sender ' || n, 'phone', '+85597' || 1000000 + n / 2, 'language', 'en',
            'address', '[]'::jsonb, 'postal_code', null),
        jsonb_build_object('name', 'Recipient ' || n, 'phone', '+85588' || 1000000 + n / 3, 'language', 'km',
            'address', '["Tram Kak"]'::jsonb, 'postal_code', null),
        '+85597' || 1000000 + n / 2, '+85588' || 1000000 + n / 3, md5(n::text), gen_random_uuid(), posted_at,
        case when n % 20 = 0 then 'in_transit' else 'delivered' end, 8, case when n % 20 = 0 then office end,
        '{"payer": "sender", "price": {"lines": [{"code": "postage", "amount_riel": 6500}], "total_riel": 6500,
            "usd": null, "tariff_version": "2026-07-sample", "sample": true, "zone": "same_province",
            "volumetric_weight_g": 0, "chargeable_weight_g": 2000, "rounded_to_riel": 100},
            "insured_value": null, "cod": null}'::jsonb
    from numbered order by n
"""
ANSWERS = """
    insert into request (caller, key, body_sha256, answer, item_number, made_at)
    select md5(office), gen_random_uuid(), sha256(item_number::bytea), rpad(item_number, 942, 'x')::bytea, item_number,
        posted_at
    from numbered order by n
"""
EVENTS = """
    insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload, created_at, sent_at)
    select gen_random_uuid(), topic, item_number, type, posted_at, '00-' || md5(item_number) || '-0123456789abcdef-00',
        md5(item_number), rpad(item_number, 380, 'x')::bytea, posted_at, posted_at
    from numbered cross join (
        values ('parcel.events', 'parcel.registered.v1'), ('parcel.contacts', 'parcel.contacts.v1')
    ) as event (topic, type) order by n
"""
SCANS = f"""
    insert into scan (item_number, scan_id, event_code, occurred_at, device_time, drift_ms, received_at, office,
        device, device_sequence, actor, source, posting)
    select item_number, gen_random_uuid(), ('{{{",".join(CODES)}}}'::text[])[step], seen_at, seen_at, 0, seen_at,
        office, case when step > 1 then 'device-' || office end, step, 'clerk-' || office,
        case when step = 1 then 'parcel' else 'counter' end,
        case when step = 1 then jsonb_build_object('service', 'parcel', 'destination_country', 'KH',
            'collecting_office', collecting_office, 'weight_g', 500 + n % 5000, 'link_secret_sha256', repeat('ab', 32))
        end
    from numbered cross join generate_series(1, {len(CODES)}) as step
        cross join lateral (select posted_at + make_interval(hours => step) as seen_at) as at
    order by day, step, n
"""
JOURNEYS = """
    insert into journey (item_number, journey_no, version, state, states_told, opened_at, ended_at, last_scan_id,
        last_event_code, last_office, last_occurred_at, registered, office_of_posting, collecting_office,
        destination_country, service, weight_g, link_secret_sha256)
    select item_number, 1, 8, 'delivered', '{accepted,in_transit,arrived,out_for_delivery,delivered}', posted_at,
        posted_at + interval '8 hours', gen_random_uuid(), 'EMI', office, posted_at + interval '8 hours', true, office,
        collecting_office, 'KH', 'parcel', 500 + n % 5000, repeat('ab', 32)
    from numbered order by n
"""


async def grow_parcels(admin_url: str, parcels: int) -> int:
    """Fill an empty database of the parcel service; returns its size in bytes."""
    return await _grow(admin_url, parcels, [PARCELS, ANSWERS, EVENTS])


async def grow_tracking(admin_url: str, parcels: int) -> int:
    """Fill an empty database of tracking; returns its size in bytes."""
    return await _grow(admin_url, parcels, [SCANS, JOURNEYS])


async def grow(parcel_admin_url: str, tracking_admin_url: str, parcels: int) -> int:
    """Fill both databases at once; returns their size in bytes."""
    sizes = await asyncio.gather(grow_parcels(parcel_admin_url, parcels), grow_tracking(tracking_admin_url, parcels))
    return sum(sizes)


async def _grow(admin_url: str, parcels: int, statements: list[str]) -> int:
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("set synchronous_commit = off")
        await connection.execute(MAKE_NUMBERS, parcels)
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("drop table numbered")
        await connection.execute("vacuum analyze")
        return int(await connection.fetchval("select pg_database_size(current_database())"))
    finally:
        await connection.close()
