/** An element of the small part of XML that reports use. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.-]*';
const ATTRIBUTE = `\\s+(${NAME})="([^<"]*)"`;
const TOKENS = new RegExp(
  `<(${NAME})((?:${ATTRIBUTE})*)\\s*(/?)>|</(${NAME})>|([^<>]+)|(<\\?xml[^<>]*\\?>)`,
  'gy',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
const FORBIDDEN = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|&(?!(?:amp|lt|gt|quot|#\d+);)/;

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** Parses a document, and throws where it is not well-formed. */
export function parseXml(document: string): Element {
  if (FORBIDDEN.test(document)) throw new Error('a forbidden character or an unknown entity');
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [root];
  let at = 0;
  for (const token of document.matchAll(TOKENS)) {
    at += token[0].length;
    const [, name, attributes = '', , , empty, closed, text = ''] = token;
    const parent = open.at(-1) ?? root;
    if (name !== undefined) {
      const element: Open = { name, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty === '') open.push(element);
    } else if (closed !== undefined) {
      if (parent.name !== closed) throw new Error(`</${closed}> ends <${parent.name}>`);
      open.pop();
    } else {
      parent.text += unescaped(text);
    }
  }
  if (at !== document.length) throw new Error(`not well-formed at ${document.slice(at, at + 40)}`);
  const [first] = root.children;
  if (open.length !== 1 || first === undefined || root.children.length !== 1) {
    throw new Error('not one element that ends');
  }
  return first;
}

function attributesOf(text: string): Record<string, string> {
  const all = [...text.matchAll(new RegExp(ATTRIBUTE, 'g'))];
  const names = all.map(([, name = '']) => name);
  if (new Set(names).size !== names.length) throw new Error('an attribute is there twice');
  return Object.fromEntries(all.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text: string): string {
  return text.replace(/&(#(\d+)|\w+);/g, (_, name: string, code?: string) =>
    code === undefined ? (ENTITIES[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}
