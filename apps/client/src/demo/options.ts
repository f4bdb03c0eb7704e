import { parseArgs } from 'node:util';

/** What the command line of the demo asks for. */
export interface DemoOptions {
  /** Stop the servers after the report instead of keeping them up. */
  readonly once: boolean;
  readonly json: boolean;
  readonly portBase: number;
}

export const USAGE = `Usage: npm run demo [-- options]

Starts the authorization server, the resource server and the client on this machine, plays every
scenario against them over HTTP and prints what happened.

  --once           stop after the report (default: keep the servers up until Ctrl-C)
  --json           print the report as JSON on standard output; npm adds lines of its own
                   unless it is silent: npm run --silent demo -- --once --json
  --port-base N    use ports N, N+1 and N+2 (default: 4000)
  --help           print this

Exit code: 0 when every cell is as it must be, 1 when one is not or a server fails, 2 for a bad option.`;

const MAX_PORT_BASE = 65_533;

/** Parses the command line; a text instead of options is the sentence for the person who typed it. */
export function parseOptions(argv: readonly string[]): DemoOptions | 'help' | { fault: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'port-base': { type: 'string', default: '4000' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const portBase = Number(values['port-base']);
    if (!Number.isInteger(portBase) || portBase < 1 || portBase > MAX_PORT_BASE) {
      return { fault: `--port-base: must be a number from 1 to ${MAX_PORT_BASE}` };
    }
    return { once: values.once, json: values.json, portBase };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
