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

const LOOK_MS = 300;

/**
 * Opens a window at once, as browsers allow it right after a click only.
 *
 * @throws WindowBlockedError when the browser refuses.
 */
export function openSignInWindow(): SignInWindow {
  const opened = window.open('about:blank', 'keybound-sign-in', 'popup,width=520,height=760');
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
        channel.onmessage = ({ data }) => end(() => resolve(String(data)));
        opened.location.href = url;
      });
    },
    close: () => opened.close(),
  };
}
