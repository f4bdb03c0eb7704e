import { type CleanedEnv, cleanEnv, type ValidatorSpec } from 'envalid';

/** The variables of an app by name, as envalid validators with `desc` and `default`. */
export type SettingsSpec = Readonly<Record<string, ValidatorSpec<unknown>>>;

/** The outcome of reading the command line and the environment of an app. */
export type SettingsResult<Spec extends SettingsSpec> =
  | { readonly settings: CleanedEnv<Spec> }
  | { readonly exitCode: number; readonly message: string };

/** What an app is called and which variables it reads. */
export interface AppDescription<Spec extends SettingsSpec> {
  readonly name: string;
  readonly summary: string;
  readonly spec: Spec;
  /** Rules that need several variables; returns the sentence for the operator, or undefined. */
  readonly check?: (settings: CleanedEnv<Spec>) => string | undefined;
}

/** The exit code for a command line or a variable that cannot be used. */
export const EXIT_BAD_SETTINGS = 2;

/**
 * Reads an app's settings. `--help` lists every variable; anything else on the command line, and
 * every bad variable, gives one line each and {@link EXIT_BAD_SETTINGS}.
 */
export function readSettings<Spec extends SettingsSpec>(
  app: AppDescription<Spec>,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): SettingsResult<Spec> {
  if (argv.includes('--help')) return { exitCode: 0, message: helpText(app) };
  if (argv.length > 0) {
    return {
      exitCode: EXIT_BAD_SETTINGS,
      message: `${app.name}: unknown argument ${argv[0]}; settings are environment variables, see --help`,
    };
  }
  const faults: string[] = [];
  const settings = cleanEnv(withoutEmpty(environment), app.spec, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        faults.push(`${app.name}: ${name}: ${error?.message ?? 'is not usable'}`);
      }
    },
  });
  if (faults.length === 0) {
    const fault = app.check?.(settings);
    if (fault !== undefined) faults.push(`${app.name}: ${fault}`);
  }
  return faults.length > 0
    ? { exitCode: EXIT_BAD_SETTINGS, message: faults.join('\n') }
    : { settings };
}

/** An empty variable means an unset one, as shells and compose files write it. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function helpText<Spec extends SettingsSpec>({
  name,
  summary,
  spec,
}: AppDescription<Spec>): string {
  const rows = Object.entries(spec).map(([variable, { desc = '', default: value, choices }]) => {
    const choice = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
    return `  ${variable.padEnd(28)}${desc}${choice}${standardText(value)}`;
  });
  return [`${name}: ${summary}`, '', 'Environment variables:', ...rows].join('\n');
}

function standardText(value: unknown): string {
  if (value === undefined) return ' Required.';
  const text = String(value);
  return text === '' ? '' : ` Default: ${text}`;
}

/** {@link readSettings} for a `main.ts`: prints and exits unless the settings are good. */
export function settingsOrExit<Spec extends SettingsSpec>(
  app: AppDescription<Spec>,
): CleanedEnv<Spec> {
  const result = readSettings(app, process.argv.slice(2), process.env);
  if ('settings' in result) return result.settings;
  const output = result.exitCode === 0 ? process.stdout : process.stderr;
  output.write(`${result.message}\n`);
  process.exit(result.exitCode);
}
