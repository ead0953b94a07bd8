#!/bin/sh
# Runs once, when the database server is new: three databases, an owner and a service role each.
# psql itself reads the passwords from the secret files, so that they stand in no argument and in no log.
set -eu
psql --quiet -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --command 'revoke connect on database postgres, template1 from public'
for service in parcel tracking notifications; do
    export service
    psql --quiet -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        -v service="$service" -v owner="${service}_owner" -v role="${service}_service" <<'SQL'
set log_min_error_statement = 'panic';
\set owner_password `sed -E 's|.*:([^@]+)@.*|\1|' "/run/secrets/${service}_owner_database_url"`
\set role_password `sed -E 's|.*:([^@]+)@.*|\1|' "/run/secrets/${service}_database_url"`
create role :"owner" login password :'owner_password';
create role :"role" login password :'role_password';
create database :"service" owner :"owner";
revoke all on database :"service" from public;
grant connect on database :"service" to :"owner", :"role";
\connect :"service"
alter schema public owner to :"owner";
revoke all on schema public from public;
grant usage on schema public to :"role";
alter default privileges for role :"owner" in schema public grant select, insert, update, delete on tables to :"role";
alter default privileges for role :"owner" in schema public grant usage, select on sequences to :"role";
SQL
done
