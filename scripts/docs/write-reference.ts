import { Application, type ProjectReflection, ReflectionKind } from 'typedoc';
import { type PublishedPackage, publishedPackages } from '../published.ts';

/**
 * Writes `docs/reference/api` from the TSDoc of the packages: one page for each entry.
 *
 * @throws Error when something exported is not documented, or a link in a comment leads to nothing.
 */
export async function writeReference(): Promise<void> {
  const packages = publishedPackages();
  const app = await Application.bootstrapWithPlugins({
    entryPoints: packages.flatMap(({ entries }) => entries.map(({ source }) => source)),
    packagesRequiringDocumentation: packages.map(({ manifest }) => manifest.name),
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources do not compile');
  nameModules(project, packages);
  app.validate(project);
  // Warnings too: a page that says too little fails like one that says something wrong.
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('see the lines above');
  await app.generateOutputs(project);
}

/** Entries are called as they are imported, and their pages after that. */
function nameModules(project: ProjectReflection, packages: readonly PublishedPackage[]): void {
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const file = module.sources?.[0]?.fileName ?? '';
    const entry = packages
      .flatMap(({ entries }) => entries)
      .find(({ source }) => source.replaceAll('\\', '/').endsWith(`/${file}`));
    if (entry === undefined) throw new Error(`${file} is an entry of no package`);
    module.name = entry.specifier;
  }
}
