import type { User } from '../users/users.ts';
import { type Html, html } from './html.ts';

/** What the consent page shows. */
export interface ConsentPage {
  /** Where the decision goes, and where the person goes who wants another account. */
  readonly actions: { readonly consent: string; readonly logout: string };
  readonly csrf: string;
  /** Who is asked. */
  readonly user: User;
  readonly clientName: string;
  readonly clientId: string;
  /** Whether the operator of this server knows the application. */
  readonly isVerified: boolean;
  /** Where the person will be sent. */
  readonly destination: string;
  readonly scope: readonly string[];
  readonly resources: readonly string[];
  readonly isBound: boolean;
}

/** Scopes in words for people. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['notes:read', 'Read your notes'],
  ['notes:write', 'Add notes'],
]);

/** The form that asks a person whether a client may do something in their name. */
export function consentPage(page: ConsentPage): Html {
  const { actions, csrf, user, clientName, clientId, isVerified, destination } = page;
  const scope = page.scope.map((value) => html`<li>${SCOPES.get(value) ?? value}</li>`);
  const resources = page.resources.map((resource) => html`<dd>${resource}</dd>`);
  const warning = isVerified
    ? undefined
    : html`<p class="alert">This application registered itself. Nobody has checked that it is what its name says.</p>`;
  return html`<h1>Allow <bdi>${clientName}</bdi>?</h1>
${warning}
<p>You are signed in as <strong>${user.username}</strong>. In your name, it wants to:</p>
<ul>
${scope.length > 0 ? scope : html`<li>Know that you have an account here</li>`}
</ul>
<dl class="facts">
<dt>Where</dt>
${resources}
<dt>You will be sent to</dt>
<dd>${destination}</dd>
<dt>Client identifier</dt>
<dd>${clientId}</dd>
<dt>Protection</dt>
<dd>${page.isBound ? 'Access is bound to a key that the application holds.' : 'Whoever holds the access token can use it.'}</dd>
</dl>
<form method="post" action="${actions.consent}">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="subject" value="${user.id}">
<div class="actions">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Do not allow</button>
</div>
</form>
<footer>
<form method="post" action="${actions.logout}">
<input type="hidden" name="csrf" value="${csrf}">
<button class="plain">Use another account</button>
</form>
</footer>`;
}
