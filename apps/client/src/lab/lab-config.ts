/** What the server of the lab tells its page. */
export interface LabConfig {
  readonly issuer: string;
  readonly resource: string;
  readonly apiKey: string;
  /** Public clients by what their tokens are. */
  readonly apps: Readonly<Record<'opaque' | 'jwt' | 'dpop', string>>;
  /** The origin of the lab itself. */
  readonly labOrigin: string;
  /** The origin of the attacker's desk, another one. */
  readonly deskOrigin: string;
  /** How a visitor may sign in; only where it is the published account of the demonstration. */
  readonly account: { readonly username: string; readonly password: string } | undefined;
}

/** Asks the server for it. */
export async function fetchLabConfig(): Promise<LabConfig> {
  const response = await fetch('/lab.json');
  if (!response.ok) throw new Error(`the lab's own server answered with status ${response.status}`);
  return response.json();
}
