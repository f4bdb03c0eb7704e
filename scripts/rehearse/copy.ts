/** A copy of what is committed, so that nothing of the rehearsal touches the repository itself. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.ts';
import { workspacesIn } from './workspaces.ts';

/** Clones HEAD into a folder and links what `npm ci` installed; our own packages are those of the copy. */
export async function copyOfHead(root: string, copy: string): Promise<void> {
  const git = (cwd: string, ...args: string[]): Promise<string> =>
    run('git', args, { cwd, promise: `git ${args[0]} works` });

  const changed = await git(root, 'status', '--porcelain');
  if (changed !== '') {
    console.log(`  NOT REHEARSED, because they are not committed:\n${changed.trimEnd()}`);
  }
  const head = (await git(root, 'rev-parse', 'HEAD')).trim();
  await git(root, 'clone', '--quiet', '--no-checkout', root, copy);
  // Changesets compares with the branch of this name, which a checkout in CI may not have.
  await git(copy, 'checkout', '--quiet', '-B', 'main', head);
  await git(copy, 'config', 'user.name', 'rehearsal');
  await git(copy, 'config', 'user.email', 'rehearsal@keybound.example');
  linkInstalled(root, copy);
}

function linkInstalled(root: string, copy: string): void {
  linkAll(join(root, 'node_modules'), join(copy, 'node_modules'), '@keybound');
  const ours = join(copy, 'node_modules', '@keybound');
  mkdirSync(ours);
  for (const { folder, manifest } of workspacesIn(copy)) {
    link(join(copy, folder), join(copy, 'node_modules', manifest.name));
    const nested = join(root, folder, 'node_modules');
    if (existsSync(nested)) linkAll(nested, join(copy, folder, 'node_modules'));
  }
}

function linkAll(from: string, to: string, without?: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== without) link(join(from, name), join(to, name));
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
