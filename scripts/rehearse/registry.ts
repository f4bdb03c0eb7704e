/** A registry on loopback that takes our packages and passes on everybody else's. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProgram } from '../../packages/test-kit/src/programs.ts';
import { run } from './command.ts';

export interface Registry {
  readonly url: string;
  /** The environment in which npm asks this registry and nobody else. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/**
 * Starts verdaccio with its storage in a folder. Packages of ours come from that storage alone; others from
 * the registry that npm is set to.
 */
export async function startRegistry(root: string, folder: string): Promise<Registry> {
  mkdirSync(folder);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const config = join(folder, 'config.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(await configuration(root, folder), undefined, 2));
  const bin = fileURLToPath(import.meta.resolve('verdaccio/bin/verdaccio'));
  const server = await startProgram({
    command: process.execPath,
    args: [bin, '--config', config, '--listen', `127.0.0.1:${port}`],
    isReady: async () => {
      const answer = await fetch(`${url}-/ping`).catch(() => undefined);
      return answer?.ok === true;
    },
  });
  // npm wants credentials before it publishes; this registry takes packages from anybody on loopback.
  const userconfig = join(folder, 'npmrc');
  writeFileSync(userconfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  return { url, env: environment(url, userconfig, join(folder, 'npm-cache')), stop: server.stop };
}

async function configuration(root: string, folder: string): Promise<object> {
  const setting = async (name: string): Promise<string | undefined> => {
    const promise = `npm knows its setting ${name}`;
    const value = (await run('npm', ['config', 'get', name], { cwd: root, promise })).trim();
    return ['', 'null', 'undefined'].includes(value) ? undefined : value;
  };
  const authorities = await setting('cafile');
  const upstream = {
    url: await setting('registry'),
    ...(authorities !== undefined && { ca: readFileSync(authorities, 'utf8') }),
    https_proxy: await setting('https-proxy'),
    cache: true,
    maxage: '60m',
    timeout: '60s',
    max_fails: 20,
  };
  const anybody = { access: '$all', publish: '$all', unpublish: '$all' };
  return {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream },
    packages: { '@keybound/*': anybody, '**': { access: '$all', proxy: 'upstream' } },
    web: { enable: false },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
}

/** Without the settings that npm hands to its scripts: they are those of the repository. */
function environment(url: string, userconfig: string, cache: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config|package)_/i.test(name),
  );
  return {
    ...Object.fromEntries(others),
    npm_config_registry: url,
    npm_config_userconfig: userconfig,
    npm_config_cache: cache,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_loglevel: 'error',
    npm_config_update_notifier: 'false',
  };
}
