/** The channel on which the callback page says where the browser came back to. */
export const CHANNEL = 'keybound-lab-sign-in';
/** Where the callback page leaves the answer when the lab has gone away for the sign-in. */
export const ANSWER_KEY = 'keybound-lab-answer';
/** Marks that this tab itself went to the authorization server. */
export const REDIRECT_KEY = 'keybound-lab-redirected';

/** The browser did not open a window. */
export class WindowBlockedError extends Error {
  override readonly name: string = 'WindowBlockedError';
}

/** The person closed the window before the answer came. */
export class WindowClosedError extends Error {
  override readonly name: string = 'WindowClosedError';
}

/** A window in which a person signs in. */
export interface SignInWindow {
  /** Goes to an address and waits for the answer at the redirect URI. */
  visit(url: string): Promise<string>;
  close(): void;
}

/** What the callback page says. */
export interface CallbackMessage {
  /** The name of its window: other sign-ins, and pages of strangers, are told apart by it. */
  readonly window: string;
  readonly url: string;
}

const LOOK_MS = 300;

/**
 * Opens a window at once, as browsers allow it right after a click only.
 *
 * @throws WindowBlockedError when the browser refuses.
 */
export function openSignInWindow(): SignInWindow {
  const name = `keybound-sign-in-${crypto.randomUUID()}`;
  const opened = window.open('about:blank', name, 'popup,width=520,height=760');
  if (opened === null) throw new WindowBlockedError('the browser did not open a window');
  return {
    visit(url): Promise<string> {
      return new Promise((resolve, reject) => {
        const channel = new BroadcastChannel(CHANNEL);
        // Nobody tells when a window is closed.
        const looking = setInterval(() => {
          if (opened.closed) end(() => reject(new WindowClosedError('the window was closed')));
        }, LOOK_MS);
        function end(how: () => void): void {
          clearInterval(looking);
          channel.close();
          how();
        }
        channel.onmessage = ({ data }: MessageEvent<CallbackMessage>) => {
          if (data.window === name) end(() => resolve(data.url));
        };
        opened.location.href = url;
      });
    },
    close: () => opened.close(),
  };
}

/** The storage of this tab, in which a sign-in by redirect leaves a note; nothing where it is forbidden. */
export const tabStorage = {
  get(name: string): string | null {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    sessionStorage.setItem(name, value);
  },
  remove(name: string): void {
    try {
      sessionStorage.removeItem(name);
    } catch {
      // Then nothing is there.
    }
  },
};
