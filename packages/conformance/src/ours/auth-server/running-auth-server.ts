import { buildAuthServer } from '@keybound/auth-server';
import type {
  Answer,
  AsConfig,
  AsRequestVector,
  AsState,
  Decision,
  FieldLine,
  RawResponse,
  Skip,
} from '@keybound/dpop-vectors';
import { decisionOf } from '../answers.ts';
import { clockOf, type Moment, noncesOf } from '../moment.ts';
import { clientOf, FIXED, presetFault, requireOurEndpoints } from './configuration.ts';
import { openAndConsent } from './consent.ts';
import type { DatabasePool } from './database-pool.ts';
import { sendByCall, sendBytes, sendOverSocket } from './send.ts';
import { ALICE, makeState } from './state.ts';

/** The authorization server of the demonstration, with a memory of its own. */
export interface RunningAuthServer {
  readonly moment: Moment;
  /** What stands for the names of its state. */
  readonly values: Readonly<Record<string, string>>;
  decide(request: AsRequestVector): Promise<Decision>;
  /** Sends bytes as they are. */
  exchange(raw: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface Start {
  readonly config: AsConfig;
  readonly state: AsState;
  readonly databases: DatabasePool;
  readonly listen: boolean;
}

const FORM_TYPE: FieldLine = ['Content-Type', 'application/x-www-form-urlencoded'];

/** Starts it with what a configuration says; skips what cannot be configured. */
export async function startAuthServer(start: Start): Promise<RunningAuthServer | Skip> {
  const { config, state, databases, listen } = start;
  const { issuer, clock: now, nonce, resources, preset } = config;
  requireOurEndpoints(config);
  const fault = presetFault(config);
  if (fault !== undefined) return { skip: fault };

  const moment: Moment = { now, nonce };
  const clients = config.clients.map(clientOf);
  const database = await databases.take();
  const app = await buildAuthServer({
    ...FIXED,
    issuer,
    resources,
    database,
    clients,
    preset,
    ...(nonce && { nonces: noncesOf(moment) }),
    clock: clockOf(moment),
  });
  if (listen) await app.listen({ host: '127.0.0.1', port: 0 });
  const send = listen ? sendOverSocket(app, issuer) : sendByCall(app, issuer);
  const place = { db: database.db, now, clients, defaultResource: resources[0] ?? '' };

  return {
    moment,
    values: await makeState(place, state),
    async decide({ endpoint, method, fields, form, userConsents }) {
      const url = config.endpoints[endpoint];
      const { pathname } = new URL(url);
      const text = `${new URLSearchParams(form.map(([name, value]) => [name, value]))}`;
      if (endpoint === 'authorization' && userConsents) {
        return authorizationDecision(await openAndConsent(`${url}?${text}`, send, ALICE));
      }
      const response =
        method === 'POST'
          ? await send({ method, path: pathname, fields: [FORM_TYPE, ...fields], body: text })
          : await send({ method, path: text ? `${pathname}?${text}` : pathname, fields });
      return endpoint === 'authorization'
        ? authorizationDecision(response)
        : decisionOf(response.status, response.fields, response.body);
    },
    async exchange(raw) {
      if (!listen) return { skip: 'functions read no bytes from a socket' };
      const { status, fields, body } = await sendBytes(app, raw);
      return decisionOf(status, fields, body);
    },
    async close() {
      await app.close();
      await databases.giveBack(database);
    },
  };
}

/** The authorization endpoint accepts with a code, and refuses with an error or on a page. */
function authorizationDecision({ status, fields }: RawResponse): Decision {
  const [, location] = fields.find(([name]) => name.toLowerCase() === 'location') ?? [];
  const query = location && URL.canParse(location) ? new URL(location).searchParams : undefined;
  const isCode = query?.has('code') ?? false;
  const error = query?.get('error');
  return {
    decision: isCode ? 'accept' : 'reject',
    status,
    fields,
    ...((isCode || error != null) && { error: error ?? null }),
  };
}
