import { ENGINES } from '../runtimes/engines.ts';
import { installedEngine } from '../runtimes/installed-engine.ts';

/** The versions of Node that installed packages are run on: the oldest supported one and this one. */
export function installedNodes(): readonly string[] {
  const [oldest] = ENGINES.filter(({ kind }) => kind === 'node');
  const installed = oldest && installedEngine(oldest);
  if (installed === undefined || 'absent' in installed) {
    throw new Error(`the oldest Node: ${installed?.absent ?? 'none is named'}`);
  }
  return [installed.place, process.execPath];
}
