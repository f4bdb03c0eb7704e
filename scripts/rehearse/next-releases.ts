/**
 * Two releases that come after this one, written into the copy and taken back: one of an adapter alone, and a
 * major of core, which has to bring majors of all adapters.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { versionFaults, writeVersions } from './versions.ts';
import { adaptersOf, CORE, FIXED_GROUP, type Workspace, workspacesIn } from './workspaces.ts';

/** Rehearses both; the copy is then as it was. Throws what is not as the rules say. */
export async function rehearseNextReleases(copy: string): Promise<readonly string[]> {
  const git = (...args: string[]): Promise<string> =>
    run('git', args, { cwd: copy, promise: `git ${args[0]} works in the copy` });
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Release');
  const before = workspacesIn(copy);
  const lines: string[] = [];
  for (const release of [adapterAlone(before), majorOfCore(before)]) {
    writeChangeset(copy, release.changeset);
    const after = await writeVersions(copy);
    const faults = [
      ...versionFaults(copy, before),
      ...release.faults(movesBetween(before, after), after),
    ];
    if (faults.length > 0) throw new Error(`${release.name}:\n${faults.join('\n')}`);
    lines.push(`${release.name}: ${describe(movesBetween(before, after))}`);
    await git('reset', '--quiet', '--hard');
    await git('clean', '--quiet', '--force', '-d');
  }
  return lines;
}

interface Move {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

interface NextRelease {
  readonly name: string;
  readonly changeset: Readonly<Record<string, 'patch' | 'major'>>;
  /** What is wrong with what moved. */
  faults(moves: readonly Move[], after: readonly Workspace[]): readonly string[];
}

function adapterAlone(before: readonly Workspace[]): NextRelease {
  const [adapter] = adaptersOf(before);
  const name = adapter?.manifest.name ?? '';
  return {
    name: `a patch of ${name} alone`,
    changeset: { [name]: 'patch' },
    faults: (moves) =>
      moves.length === 1 && moves[0]?.name === name
        ? []
        : [`only ${name} has to move, not: ${describe(moves)}`],
  };
}

function majorOfCore(before: readonly Workspace[]): NextRelease {
  const adapters = adaptersOf(before).map(({ manifest }) => manifest.name);
  return {
    name: `a major of ${CORE} alone`,
    changeset: { [CORE]: 'major' },
    faults: (moves, after) => [
      ...[...FIXED_GROUP, ...adapters]
        .filter((name) => !moves.some((move) => move.name === name && isMajor(move)))
        .map((name) => `${name} has to get a major with the major of core: ${describe(moves)}`),
      ...moves
        .filter(({ name }) => !FIXED_GROUP.includes(name) && !adapters.includes(name))
        .map(({ name }) => `${name} knows nothing of core and has to stay where it is`),
      ...adaptersOf(after)
        .filter(({ manifest }) => !/^\^[1-9]/.test(manifest.peerDependencies?.[CORE] ?? ''))
        .map(({ manifest }) => `${manifest.name} does not take the new core as its peer`),
    ],
  };
}

function isMajor({ from, to }: Move): boolean {
  const [before = 0, after = 0] = [from, to].map((version) => Number(version.split('.')[0]));
  return after === before + 1 && to === `${after}.0.0`;
}

function movesBetween(before: readonly Workspace[], after: readonly Workspace[]): readonly Move[] {
  return before.flatMap(({ manifest: { name, version: from } }) => {
    const to = after.find(({ manifest }) => manifest.name === name)?.manifest.version ?? from;
    return to === from ? [] : [{ name, from, to }];
  });
}

function describe(moves: readonly Move[]): string {
  return moves.map(({ name, to }) => `${name} ${to}`).join(', ') || 'nothing moved';
}

function writeChangeset(copy: string, bumps: Readonly<Record<string, string>>): void {
  const lines = Object.entries(bumps).map(([name, type]) => `'${name}': ${type}`);
  const text = `---\n${lines.join('\n')}\n---\n\nA rehearsal.\n`;
  writeFileSync(join(copy, '.changeset', 'rehearsal.md'), text);
}
