import { IDBFactory } from 'fake-indexeddb';
import type { World } from './world.ts';

/** A tab of a browser, as far as modules look at it: where it is, and its storage. */
export interface Tab {
  /** Where it is; a module changes it with `location.assign`. */
  href: string;
}

/** Gives modules a `location` and an `indexedDB`, which is empty, until the block ends. */
export function openTab({ onEnd }: Pick<World, 'onEnd'>, href: string): Tab {
  const tab: Tab = { href };
  const location = {
    get href(): string {
      return tab.href;
    },
    get origin(): string {
      return new URL(tab.href).origin;
    },
    get pathname(): string {
      return new URL(tab.href).pathname;
    },
    get search(): string {
      return new URL(tab.href).search;
    },
    assign(url: string | URL): void {
      tab.href = new URL(url, tab.href).href;
    },
  };
  const history = {
    replaceState: (_state: unknown, _title: string, url: string): void => location.assign(url),
  };
  Object.assign(globalThis, { location, history, indexedDB: new IDBFactory() });
  onEnd(() => {
    for (const name of ['location', 'history', 'indexedDB'])
      Reflect.deleteProperty(globalThis, name);
  });
  return tab;
}
