import { RESOURCE } from '../mint.ts';

/** What the adapter gets to see of the request target: what was sent, or a URL that was made of it. */
export type TargetSeen = 'as sent' | 'as URL';

/** A request whose target or host is about other places. */
export interface TargetRow {
  readonly name: string;
  readonly line: string;
  readonly host?: string;
  readonly fields?: readonly string[];
  /** What the proof is for. */
  readonly htu: string;
  readonly status: number | Readonly<Record<TargetSeen, number>>;
}

const EVIL = 'https://evil.example/r';

/** What request targets and hosts do. */
export const TARGET_ROWS: readonly TargetRow[] = [
  {
    name: 'a proof for another host with that Host [URI-08]',
    line: 'GET /r',
    host: 'evil.example',
    htu: EVIL,
    status: 401,
  },
  {
    name: 'a proof for another host with that X-Forwarded-Host [URI-08]',
    line: 'GET /r',
    fields: ['X-Forwarded-Host: evil.example'],
    htu: EVIL,
    status: 401,
  },
  {
    name: 'the proof is for the origin of the configuration, whatever Host says [URI-08]',
    line: 'GET /r',
    host: 'internal:8080',
    htu: `${RESOURCE}/r`,
    status: 200,
  },
  {
    name: 'origin-form //evil.example/r and a proof for that host [URI-09]',
    line: 'GET //evil.example/r',
    htu: EVIL,
    status: 401,
  },
  {
    name: 'absolute-form with another origin and a proof for it [URI-09]',
    line: `GET ${EVIL}`,
    host: 'evil.example',
    htu: EVIL,
    status: { 'as sent': 400, 'as URL': 401 },
  },
  {
    name: 'dot segments, which a router takes as they stand, or no longer sees [URI-09]',
    line: 'GET /x/../r',
    htu: `${RESOURCE}/r`,
    status: { 'as sent': 400, 'as URL': 200 },
  },
  {
    name: 'encoded dot segments [URI-09]',
    line: 'GET /x/%2e%2e/r',
    htu: `${RESOURCE}/r`,
    status: { 'as sent': 400, 'as URL': 200 },
  },
  {
    name: 'dot segments and a proof for the path as it was sent [URI-09]',
    line: 'GET /x/../admin',
    htu: `${RESOURCE}/x/admin`,
    status: { 'as sent': 400, 'as URL': 401 },
  },
  {
    name: 'absolute-form without a path, which routers disagree about [URI-09]',
    line: `GET ${RESOURCE}?/r`,
    htu: `${RESOURCE}/`,
    status: { 'as sent': 400, 'as URL': 200 },
  },
  {
    name: 'a fragment [URI-09]',
    line: 'GET /r#x',
    htu: `${RESOURCE}/r`,
    status: 400,
  },
  {
    name: 'two Host fields [URI-09]',
    line: 'GET /r',
    fields: ['Host: evil.example'],
    htu: `${RESOURCE}/r`,
    status: 400,
  },
  {
    name: 'a Host with a path, a query or userinfo, which is no host [URI-09]',
    line: 'GET /r',
    host: 'rs.example/x?y@evil.example',
    htu: `${RESOURCE}/r`,
    status: 400,
  },
  {
    name: "a route below the framework's mount point, and a proof without it [URI-13]",
    line: 'GET /v1/r',
    htu: `${RESOURCE}/r`,
    status: 401,
  },
];
