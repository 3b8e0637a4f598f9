// What the database holds, and the one function that everything goes through.
//
// `settle` compares what a server believes with what is there; only where all of it holds are the changes made. One lock
// lets the writers in one after the other, so what was compared stays true until the changes are in. Reading takes no
// lock: one statement sees one moment.

/** Locks are numbers: the letters `virg`. */
const writers = 0x76697267

/** The version in the function's name: servers of several versions may share a database. */
export const settle = 'virga.settle_1'

const tables = `
  create schema if not exists virga;
  create sequence if not exists virga.versions;
  create table if not exists virga.rows (
    space text collate "C", name text collate "C", key bytea, value text not null,
    version bigint not null default nextval('virga.versions'), primary key (space, name, key));
  create table if not exists virga.blobs (id text collate "C" primary key, refs int not null, since bigint not null, size bigint);
  create index if not exists loose_blobs on virga.blobs (since) where refs < 1;
  create table if not exists virga.chunks (blob text collate "C", number int, bytes bytea not null, primary key (blob, number));
  alter table virga.chunks alter bytes set storage external;
  create table if not exists virga.snapshots (name text collate "C" primary key, made bigint not null);
  create table if not exists virga.snapshot_rows (
    snapshot text collate "C", space text collate "C", name text collate "C", key bytea, value text not null,
    primary key (snapshot, space, name, key));
  create table if not exists virga.snapshot_blobs (
    snapshot text collate "C", id text collate "C", refs int not null, primary key (snapshot, id));
  create index if not exists snapshots_of_blobs on virga.snapshot_blobs (id);
`

/**
 * Takes {points: [[space, name, key, version]], ranges: [[space, name, low, high, limit, reverse, digest]],
 * changes: [[space, name, key, value]], blobs: [[id, by]], now}; keys in hex, version 0 for no such row, -1 for "tell me",
 * value null to delete, digest '' for "tell me".
 * Gives {points: [[index, version, value, asked]], ranges: [[index, digest, [[key, value]], asked]]} of what is otherwise
 * than believed, and, when the changes were made, {done: [[space, name, key, version]]}.
 */
const settling = `
  create or replace function ${settle}(request json) returns json language plpgsql as $body$
  declare
    found json;
    written json;
  begin
    if json_array_length(request->'changes') + json_array_length(request->'blobs') > 0 then
      perform pg_advisory_xact_lock(${writers});
    end if;

    select json_build_object(
      'points', (
        select json_agg(json_build_array(p.at - 1, coalesce(r.version, 0), r.value, p.version))
        from (select at, e->>0 as space, e->>1 as name, decode(e->>2, 'hex') as key, (e->>3)::bigint as version
              from json_array_elements(request->'points') with ordinality as list(e, at)) p
        left join virga.rows r on r.space = p.space and r.name = p.name and r.key = p.key
        where coalesce(r.version, 0) <> p.version),
      'ranges', (
        select json_agg(json_build_array(g.at - 1, f.digest, f.rows, g.digest))
        from (select at, e->>0 as space, e->>1 as name, decode(e->>2, 'hex') as low, decode(e->>3, 'hex') as high,
                (e->>4)::bigint as many, (e->>5)::bool as reverse, e->>6 as digest
              from json_array_elements(request->'ranges') with ordinality as list(e, at)) g,
        lateral (
          select md5(coalesce(string_agg(version::text, ',' order by key), '')) as digest,
            coalesce(json_agg(json_build_array(encode(key, 'hex'), value) order by key), '[]') as rows
          from (
            (select key, value, version from virga.rows
             where not g.reverse and space = g.space and name = g.name and key >= g.low and key < g.high
             order by key limit g.many)
            union all
            (select key, value, version from virga.rows
             where g.reverse and space = g.space and name = g.name and key >= g.low and key < g.high
             order by key desc limit g.many)) chosen) f
        where f.digest <> g.digest))
    into found;
    if exists (select from json_array_elements(case json_typeof(found->'points') when 'array' then found->'points' else '[]' end) e
               where (e->>3)::bigint <> -1)
      or exists (select from json_array_elements(case json_typeof(found->'ranges') when 'array' then found->'ranges' else '[]' end) e
                 where e->>3 <> '') then
      return found;
    end if;

    with put as (
      insert into virga.rows (space, name, key, value)
      select e->>0, e->>1, decode(e->>2, 'hex'), e->>3 from json_array_elements(request->'changes') e where e->>3 is not null
      on conflict (space, name, key) do update set value = excluded.value, version = nextval('virga.versions')
      returning space, name, key, version)
    select json_agg(json_build_array(space, name, encode(key, 'hex'), version)) from put into written;
    delete from virga.rows r using json_array_elements(request->'changes') e
    where e->>3 is null and r.space = e->>0 and r.name = e->>1 and r.key = decode(e->>2, 'hex');
    update virga.blobs b set refs = refs + d.by, since = (request->>'now')::bigint
    from (select e->>0 as id, sum((e->>1)::int) as by from json_array_elements(request->'blobs') e group by 1) d
    where b.id = d.id;
    return json_build_object('points', found->'points', 'ranges', found->'ranges', 'done', coalesce(written, '[]'));
  end
  $body$
`

/** Statements to be run one by one; each may be run again. The lock is for several servers that are the first at once. */
export const schema: readonly string[] = [
  `begin`,
  `select pg_advisory_xact_lock(${writers})`,
  ...tables.split(';').filter((statement) => statement.trim() !== ''),
  settling,
  `commit`,
]

/** Whether all that is there already: a user that may not make tables may still use them. */
export const isPrepared = `select to_regprocedure('${settle}(json)') is not null as yes`

/** Lets nobody else write until the transaction ends. */
export const lockOut = `select pg_advisory_xact_lock(${writers})`
