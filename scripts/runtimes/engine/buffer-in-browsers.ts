/** As much of Node's `Buffer` as the tests use to read base64url. */
export const Buffer = {
  from(text: string, encoding: 'base64url'): { toString(): string } {
    if (encoding !== 'base64url') throw new Error(`no ${encoding} in browsers`);
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return { toString: () => new TextDecoder().decode(bytes) };
  },
};
