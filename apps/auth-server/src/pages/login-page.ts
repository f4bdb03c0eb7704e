import { type Html, html } from './html.ts';

/** What the login page shows. */
export interface LoginPage {
  readonly action: string;
  readonly csrf: string;
  /** The application that wants the person to sign in. */
  readonly clientName: string;
  /** What was typed before, or the name of somebody who has to sign in again. */
  readonly username?: string | undefined;
  /** Why the person sees the page again. */
  readonly fault?: string | undefined;
}

/** The form that asks for name and password. */
export function loginPage({ action, csrf, clientName, username, fault }: LoginPage): Html {
  const alert =
    fault === undefined
      ? undefined
      : html`<p class="alert" id="fault" role="alert" tabindex="-1">${fault}</p>`;
  const described = fault === undefined ? undefined : html` aria-describedby="fault"`;
  // The cursor stands where the next key is wanted.
  const [nameFocus, passwordFocus] =
    username === undefined ? [html` autofocus`, undefined] : [undefined, html` autofocus`];
  return html`<h1>Sign in</h1>
<p>to continue to <strong><bdi>${clientName}</bdi></strong></p>
${alert}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
<label for="username">User name</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required${described}${nameFocus}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${described}${passwordFocus}>
<div class="actions"><button class="primary">Sign in</button></div>
</form>`;
}
