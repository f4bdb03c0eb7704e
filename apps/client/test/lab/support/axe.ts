import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What {@link axeViolations} reads of what axe says. */
interface Results {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** The accessibility violations that axe finds in a page and its frames, a line each. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    // Evaluated by the debugger, which the policy of the page does not bind.
    await frame.evaluate(axe.source);
    const { violations } = await frame.evaluate<Results>('axe.run(document, { iframes: false })');
    found.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      ),
    );
  }
  return found;
}
