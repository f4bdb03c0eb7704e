import { useEffect, useRef, useState } from 'preact/hooks';
import { type Cell, playCell, type Row } from '../../comparison/compare.ts';
import { type Cost, measureCosts } from '../../comparison/costs.ts';
import { LANES, type Lane, type LaneId } from '../../comparison/lanes.ts';
import type { Scenario } from '../../comparison/scenarios/scenario.ts';
import type { Exchange } from '../../comparison/wire.ts';
import { fetchLabConfig, type LabConfig } from '../lab-config.ts';
import { TEXTS } from '../texts.ts';
import { describeFault, type Fault } from './describe-fault.ts';
import { createDesk, type Desk } from './desk.ts';
import { openVisitor, type Visitor } from './sign-in.ts';
import { openStage, type Stage } from './stage.ts';

/** A story that was played in one lane, and everything that went over the wire for it. */
export interface Played {
  readonly cell: Cell | undefined;
  readonly exchanges: readonly Exchange[];
}

/** What has been played so far: by story, then by lane. */
export type Results = Readonly<Record<string, Partial<Readonly<Record<LaneId, Played>>>>>;

/** The state of the lab and what a visitor can do. */
export interface Lab {
  readonly config: LabConfig | undefined;
  readonly visitor: Visitor | undefined;
  readonly phase: 'loading' | 'signed-out' | 'signing-in' | 'ready';
  readonly isMemoryOnly: boolean;
  readonly fault: Fault | undefined;
  /** What is going on, for people; announced to screen readers. */
  readonly progress: string;
  readonly isRunning: boolean;
  readonly results: Results;
  readonly costs: readonly Cost[];
  /** The frame of the desk, once it is there. */
  attachDesk(frame: HTMLIFrameElement | null): void;
  /** Opens the lab again after a failure, or puts the failure away where the lab is open. */
  retry(): Promise<void>;
  signIn(): Promise<void>;
  signInHere(): Promise<void>;
  signOut(): Promise<void>;
  run(scenarios: readonly Scenario[]): Promise<void>;
}

/** Stories that are about a client with a secret; the server of the lab plays them. */
const WITH_SECRET: ReadonlySet<string> = new Set(['key-change']);

/** The lab, opened when the page is. */
export function useLab(): Lab {
  const [config, setConfig] = useState<LabConfig>();
  const [visitor, setVisitor] = useState<Visitor>();
  const [phase, setPhase] = useState<Lab['phase']>('loading');
  const [isMemoryOnly, setMemoryOnly] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [progress, setProgress] = useState('');
  const [isRunning, setRunning] = useState(false);
  const [results, setResults] = useState<Results>({});
  const [costs, setCosts] = useState<readonly Cost[]>([]);
  const desk = useRef<Desk | undefined>(undefined);
  const stage = useRef<Stage | undefined>(undefined);
  const recorded = useRef<Exchange[]>([]);

  async function attempt(work: () => Promise<void>, askedApi = false): Promise<void> {
    setFault(undefined);
    try {
      await work();
    } catch (error) {
      const described = describeFault(error, askedApi);
      setFault(described);
      setProgress('');
      // Whoever was signing in can begin again, whatever it was.
      setPhase((now) => (now === 'ready' && described.wayOn === 'retry' ? now : 'signed-out'));
    }
  }

  function open(): Promise<void> {
    return attempt(async () => {
      setPhase('loading');
      const found = await fetchLabConfig();
      setConfig(found);
      const opened = await openVisitor(found, () => setMemoryOnly(true));
      setVisitor(opened);
      setPhase('signed-out');
      await opened.resume();
      if (await opened.isSignedIn()) setPhase('ready');
    });
  }

  useEffect(() => {
    open();
  }, []);

  async function play(scenario: Scenario, lane: Lane, { environment }: Stage): Promise<Played> {
    recorded.current = [];
    const title = LANES.find(({ id }) => id === lane.id)?.title;
    desk.current?.setStory(`${scenario.title} · ${title}`);
    const cell = await playCell(scenario, lane, environment);
    return { cell, exchanges: recorded.current };
  }

  function keep(scenario: Scenario, lane: LaneId, played: Played): void {
    setResults((all) => ({ ...all, [scenario.id]: { ...all[scenario.id], [lane]: played } }));
  }

  async function run(scenarios: readonly Scenario[]): Promise<void> {
    if (config === undefined || visitor === undefined || desk.current === undefined) return;
    const thief = desk.current;
    setRunning(true);
    await attempt(async () => {
      setProgress(TEXTS.play.opening);
      const note = (exchange: Exchange): void => {
        recorded.current.push(exchange);
      };
      stage.current ??= await openStage(config, visitor, thief, note);
      const opened = stage.current;
      if (scenarios.length > 1) {
        setProgress(TEXTS.play.measuring);
        setCosts(await measureCosts(opened.lanes, setProgress));
      }
      let allExpected = true;
      for (const scenario of scenarios) {
        setProgress(`${TEXTS.play.running}: ${scenario.title}`);
        if (WITH_SECRET.has(scenario.id)) {
          for (const cell of await playWithSecret(scenario)) {
            keep(scenario, cell.lane, { cell, exchanges: [] });
            allExpected &&= cell.asExpected;
          }
          continue;
        }
        for (const lane of opened.lanes) {
          if (scenario.expected[lane.id] === undefined) continue;
          const played = await play(scenario, lane, opened);
          keep(scenario, lane.id, played);
          allExpected &&= played.cell?.asExpected ?? true;
        }
      }
      setProgress(allExpected ? TEXTS.play.doneAll : TEXTS.play.doneFault);
    }, true);
    setRunning(false);
  }

  return {
    config,
    visitor,
    phase,
    isMemoryOnly,
    fault,
    progress,
    isRunning,
    results,
    costs,
    attachDesk(frame): void {
      desk.current = frame && config ? createDesk(frame, config.deskOrigin) : undefined;
    },
    retry: async () => (visitor === undefined ? open() : setFault(undefined)),
    signIn: () =>
      attempt(async () => {
        setPhase('signing-in');
        setProgress('');
        await visitor?.signInWithWindow((step) => setProgress(TEXTS.signIn.step(step)));
        setProgress(TEXTS.signIn.done);
        setPhase('ready');
      }),
    signInHere: () => attempt(async () => visitor?.signInWithRedirect()),
    signOut: () =>
      attempt(async () => {
        stage.current = undefined;
        setPhase('signed-out');
        await visitor?.signOut();
        setProgress(TEXTS.signIn.signedOut);
      }),
    run,
  };
}

async function playWithSecret({ id }: Scenario): Promise<readonly Cell[]> {
  const response = await fetch(`/with-secret/${id}`, { method: 'POST' });
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  return response.json();
}

/** What was played of a story, as a row of the table of the command line. */
export function rowOf({ id, title, story, kind }: Scenario, results: Results): Row {
  const cells = Object.values(results[id] ?? {}).flatMap((played) => played?.cell ?? []);
  return { id, title, story, kind, cells };
}
