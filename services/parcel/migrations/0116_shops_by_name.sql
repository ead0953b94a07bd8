-- Shops page by page, by name, of an office or of all.

drop index trader_of_office;
create index trader_of_office on trader (office, shop_name, trader_id);
create index trader_by_name on trader (shop_name, trader_id);
