import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor';
import { type Entry, type PublishedPackage, ROOT } from '../published.ts';
import { augmentationsIn } from './augmentations.ts';

/** The public types of one entry of one package. */
export interface Surface {
  readonly published: PublishedPackage;
  readonly entry: Entry;
}

/** The report on a surface, and what is wrong with it whatever it is compared with. */
export interface ApiReport {
  readonly surface: Surface;
  readonly text: string;
  readonly faults: readonly string[];
  /** Names that comments link to and that this surface does not export. */
  readonly foreignLinks: readonly string[];
}

/** As a user compiles: no source condition, the libraries the README names, types of Node. */
const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

/** TSDoc would have such links name the package; editors and the reference resolve them as they are. */
const FOREIGN_LINK = /link reference could not be resolved: .* does not have an export "([^"]+)"$/;

const IGNORED = { logLevel: ExtractorLogLevel.None };
const REFUSED = { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false };

/**
 * Makes the reports of all surfaces with one run of the compiler over their declarations.
 *
 * @param folder - an empty folder, for what API Extractor writes
 */
export function createApiReports(
  surfaces: readonly Surface[],
  folder: string,
): (surface: Surface) => ApiReport {
  const [first, ...others] = surfaces;
  if (first === undefined) throw new Error('no package is published');
  const compilerState = CompilerState.create(configOf(first, folder), {
    additionalEntryPoints: others.map(({ entry }) => entry.types),
  });

  return (surface) => {
    const faults: string[] = [];
    const foreignLinks: string[] = [];
    const config = configOf(surface, folder);
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback(message) {
        message.handled = true;
        if (message.logLevel !== ExtractorLogLevel.Error) return;
        const [, name] = FOREIGN_LINK.exec(message.text) ?? [];
        if (name !== undefined) foreignLinks.push(name);
        else faults.push(`${message.text} ${placeOf(message)}`);
      },
    });
    const { text, undocumented } = augmentationsIn(surface.entry.types);
    faults.push(...undocumented.map((name) => `Missing documentation for "${name}".`));
    const made = readFileSync(join(folder, reportName(surface)), 'utf8');
    return { surface, text: made + text, faults, foreignLinks };
  };
}

function configOf(surface: Surface, folder: string): ExtractorConfig {
  const { published, entry } = surface;
  // API Extractor wants the second folder to be there, and writes the same into both.
  mkdirSync(join(folder, 'copies'), { recursive: true });
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: published.folder,
      mainEntryPointFilePath: entry.types,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry.types] } },
      apiReport: {
        enabled: true,
        reportFileName: reportName(surface),
        reportFolder: join(folder, 'copies'),
        reportTempFolder: folder,
        // What exports are made of belongs to the surface, whether it has a name there or not.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: REFUSED },
        extractorMessageReporting: {
          default: REFUSED,
          'ae-undocumented': REFUSED,
          'ae-forgotten-export': IGNORED,
          // Everything that is exported is public.
          'ae-missing-release-tag': IGNORED,
        },
        tsdocMessageReporting: { default: REFUSED },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(published.folder, 'package.json'),
  });
}

function placeOf({ sourceFilePath, sourceFileLine }: ExtractorMessage): string {
  return sourceFilePath ? `(${relative(ROOT, sourceFilePath)}:${sourceFileLine})` : '';
}

function reportName({ published, entry }: Surface): string {
  return `${published.shortName}.${entry.name}.api.md`;
}
