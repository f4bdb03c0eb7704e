/** Text that is HTML already. */
export interface Html {
  readonly html: string;
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
  return { html: text };
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'object') {
    return 'html' in part ? part.html : part.map((one) => one.html).join('');
  }
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
