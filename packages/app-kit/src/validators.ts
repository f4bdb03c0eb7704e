import { makeValidator, port, str } from 'envalid';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an origin is on this machine, where demonstration secrets may be used. */
export function isLoopbackOrigin(origin: string): boolean {
  return LOOPBACK_HOSTS.has(new URL(origin).hostname);
}

/** Whether an address can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

function requireSecure(url: string): string {
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackOrigin(url))) {
    throw new Error('must be https (http is for this machine only)');
  }
  return url;
}

/** An origin such as https://api.example: https, or http on this machine. */
export const origin = makeValidator((input: string) => {
  if (!URL.canParse(input) || new URL(input).origin !== input) {
    throw new Error(
      'must be an origin such as https://api.example, without a path or a slash at the end',
    );
  }
  return requireSecure(input);
});

/** An issuer identifier: https, or http on this machine, with or without a path. */
export const issuer = makeValidator((input: string) => {
  if (!URL.canParse(input) || /[?#]/.test(input)) {
    throw new Error('must be a URL such as https://as.example/tenant, without query and fragment');
  }
  return requireSecure(input);
});

const SECRET_CHARS = 32;

/** Secrets separated by commas, newest first, each of at least 32 characters. */
export const secretList = makeValidator((input: string): readonly string[] => {
  const secrets = input.split(',').map((secret) => secret.trim());
  if (secrets.some((secret) => secret.length < SECRET_CHARS)) {
    throw new Error(`each secret must have at least ${SECRET_CHARS} characters`);
  }
  return secrets;
});

/** Resource identifiers separated by commas: https, or http on this machine, without fragment (RFC 8707 §2). */
export const resourceList = makeValidator((input: string): readonly string[] =>
  input.split(',').map((one) => {
    const resource = one.trim();
    if (!URL.canParse(resource) || /[#\s]/.test(resource)) {
      throw new Error('must be URLs such as https://api.example/mcp, without fragment');
    }
    return requireSecure(resource);
  }),
);

/** The variables every app reads. */
export function commonSettings(standardPort: number): {
  HOST: ReturnType<typeof str<string>>;
  PORT: ReturnType<typeof port<number>>;
  LOG_LEVEL: ReturnType<typeof str<string>>;
} {
  return {
    HOST: str({ default: '127.0.0.1', desc: 'Address to listen on.' }),
    PORT: port({ default: standardPort, desc: 'Port to listen on.' }),
    LOG_LEVEL: str({
      default: 'info',
      choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      desc: 'Lowest level that is logged.',
    }),
  };
}

/** The variable for the external origin, and what it is when unset: this machine and port. */
export const publicOrigin = {
  spec: (desc: string) => origin({ default: '', desc: `${desc} Default: http://localhost:PORT` }),
  of: ({ PUBLIC_ORIGIN, PORT }: { PUBLIC_ORIGIN: string; PORT: number }): string =>
    PUBLIC_ORIGIN === '' ? `http://localhost:${PORT}` : PUBLIC_ORIGIN,
};
