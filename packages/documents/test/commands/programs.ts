import { parseArguments as parseAddUser } from '../../../../apps/auth-server/src/commands/add-user.ts';
import { parseOptions as parseDemo } from '../../../../apps/client/src/demo/options.ts';
import { parseOptions as parseAttack } from '../../../bench/src/attack/options.ts';
import { parseOptions as parseHttp } from '../../../bench/src/http/options.ts';
import { parseOptions as parseBench } from '../../../bench/src/options.ts';
import { parseOptions as parseReplay } from '../../../bench/src/replay/options.ts';
import { parseCommand as parseVectors } from '../../../dpop-vectors/src/command.ts';

/** Reads arguments as a program does. Throws, or gives an object with a fault, where it would refuse them. */
type Parser = (argv: readonly string[]) => unknown;

/** For programs that know one argument. */
function only(known: string): Parser {
  return (argv) => {
    if (argv.some((argument) => argument !== known)) throw new Error(`it knows ${known} alone`);
  };
}

/** The programs' own parsers, by the file that a script starts. A program that is not here takes no arguments. */
const PARSERS: Readonly<Record<string, Parser>> = {
  'apps/auth-server/src/commands/add-user.ts': parseAddUser,
  // The apps take their settings from the environment.
  'apps/auth-server/src/main.ts': only('--help'),
  'apps/client/src/demo.ts': parseDemo,
  'apps/client/src/main.ts': only('--help'),
  'apps/resource-server/src/main.ts': only('--help'),
  'packages/bench/src/attack/main.ts': parseAttack,
  'packages/bench/src/http/main.ts': parseHttp,
  'packages/bench/src/main.ts': parseBench,
  'packages/bench/src/redis/main.ts': only('--quick'),
  'packages/bench/src/replay/main.ts': parseReplay,
  'packages/dpop-vectors/src/cli.ts': parseVectors,
  'scripts/check-api.ts': only('--write'),
};

/** Why a program refuses these arguments; undefined when it takes them. */
export function argumentFault(program: string, argv: readonly string[]): string | undefined {
  const parse = PARSERS[program];
  if (parse === undefined) {
    return argv.length === 0 ? undefined : `nothing is known of the arguments of ${program}`;
  }
  try {
    const parsed = parse(argv);
    // Two of them give the sentence instead of throwing it.
    const refused = typeof parsed === 'object' && parsed !== null && parsed;
    if (refused && 'fault' in refused) return String(refused.fault);
    if (refused && 'exitCode' in refused && refused.exitCode !== 0) return JSON.stringify(refused);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
