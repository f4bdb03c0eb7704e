/** A form of a page, as a browser would submit it untouched. */
export interface Form {
  readonly method: string;
  readonly action: string;
  /** Values by name: what hidden and filled-in fields hold. */
  readonly fields: Readonly<Record<string, string>>;
  /** The buttons that have a name. */
  readonly buttons: readonly { readonly name: string; readonly value: string }[];
}

const FORM = /<form\b([^>]*)>(.*?)<\/form>/gis;
const CONTROL = /<(input|button)\b([^>]*)>/gi;

/** The forms of a page. Made for plain pages: attributes in double quotes, no scripts. */
export function parseForms(html: string): readonly Form[] {
  return [...html.matchAll(FORM)].map(([, head = '', content = '']) => {
    const { method = 'get', action = '' } = parseAttributes(head);
    const fields: Record<string, string> = {};
    const buttons: { name: string; value: string }[] = [];
    for (const [, tag = '', attributes = ''] of content.matchAll(CONTROL)) {
      const { name, value = '' } = parseAttributes(attributes);
      if (name === undefined) continue;
      if (tag.toLowerCase() === 'button') buttons.push({ name, value });
      else fields[name] = value;
    }
    return { method: method.toUpperCase(), action, fields, buttons };
  });
}

function parseAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z-]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      unescapeHtml(value),
    ]),
  );
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return NAMED[name] ?? entity;
  });
}
