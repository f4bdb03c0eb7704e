/** A key of its own: nothing that was parsed, such as JSON, can pass for HTML. */
const MARKUP = Symbol('markup');

/** Text that is HTML already. */
export interface Html {
  readonly [MARKUP]: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes HTML from a template. Whatever is put into it is text, unless it was made here as well. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((all, string, index) => all + textOf(parts[index - 1]) + string);
  return { [MARKUP]: text };
}

/** HTML as text, to be sent. */
export function formatHtml(page: Html): string {
  return page[MARKUP];
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'object') {
    return MARKUP in part ? part[MARKUP] : part.map((one) => one[MARKUP]).join('');
  }
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
