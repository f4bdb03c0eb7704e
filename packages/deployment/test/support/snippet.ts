import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../../../docs/proxies.md', import.meta.url), 'utf8');

/**
 * A configuration as `docs/proxies.md` has it, with the places of the page replaced by those of a test.
 *
 * @param language - what stands behind the fence
 * @param index - which of the page's blocks of that language
 * @param places - texts of the page, all of which must be there, and what takes their place
 */
export function snippet(
  language: string,
  index: number,
  places: Readonly<Record<string, string>>,
): string {
  const blocks = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  let text = blocks[index]?.[1];
  if (text === undefined) throw new Error(`docs/proxies.md has no ${language} block ${index}`);
  for (const [place, replacement] of Object.entries(places)) {
    if (!text.includes(place)) throw new Error(`the ${language} block ${index} has no ${place}`);
    text = text.replaceAll(place, replacement);
  }
  return text;
}
