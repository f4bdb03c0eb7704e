/**
 * A core that leaves the range in which an adapter takes it is a breaking change of that adapter, since its
 * users have to move both. Changesets moves the range and suggests a patch; this says what is due instead.
 */
import { adaptersOf, CORE, type Workspace } from './rehearse/workspaces.ts';

export type Bump = 'none' | 'patch' | 'minor' | 'major';

/** What Changesets plans for a package: the part of `changeset status --output` that counts here. */
export interface PlannedRelease {
  readonly name: string;
  readonly type: Bump;
  readonly newVersion: string;
}

/** An adapter that has to be released, and how. */
export interface DueRelease {
  readonly name: string;
  readonly type: Bump;
}

const BUMPS: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

/**
 * The adapters that the plan moves by less than core, although it moves core out of their peer range. Their
 * release has the type of core's: a major for a major, and before 1.0, where a minor breaks, a minor.
 */
export function dueAdapterReleases(
  plan: readonly PlannedRelease[],
  workspaces: readonly Workspace[],
): readonly DueRelease[] {
  const core = plan.find(({ name }) => name === CORE);
  if (core === undefined || core.type === 'none') return [];
  return adaptersOf(workspaces)
    .filter(
      ({ manifest }) => !caretAllows(manifest.peerDependencies?.[CORE] ?? '', core.newVersion),
    )
    .filter(({ manifest }) => {
      const planned = plan.find(({ name }) => name === manifest.name)?.type ?? 'none';
      return BUMPS.indexOf(planned) < BUMPS.indexOf(core.type);
    })
    .map(({ manifest }) => ({ name: manifest.name, type: core.type }));
}

/**
 * Whether a range such as `^1.2.3` allows a version: not lower, and the same up to the first part that is
 * not zero.
 *
 * @throws Error when the range is no caret range: another one would promise more or less than is tested.
 */
export function caretAllows(range: string, version: string): boolean {
  const lowest = partsOf(range, /^\^(\d+)\.(\d+)\.(\d+)$/);
  const found = partsOf(version, /^(\d+)\.(\d+)\.(\d+)$/);
  const firstNonZero = lowest.findIndex((part) => part > 0);
  const fixedParts = (firstNonZero === -1 ? 2 : firstNonZero) + 1;
  if (lowest.slice(0, fixedParts).some((part, i) => part !== found[i])) return false;
  const differing = lowest.findIndex((part, i) => part !== found[i]);
  return differing === -1 || (found[differing] ?? 0) > (lowest[differing] ?? 0);
}

function partsOf(text: string, form: RegExp): readonly number[] {
  const [, ...parts] = form.exec(text) ?? [];
  if (parts.length !== 3) throw new Error(`"${text}" is not of the form ${form.source}`);
  return parts.map(Number);
}
