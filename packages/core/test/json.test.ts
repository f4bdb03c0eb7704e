import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bytesOfJson, freezeJson, parseJsonObject } from '../src/encoding/json.ts';
import { isJsonObject } from '../src/index.ts';

const LIMITS = { depth: 4, members: 6, values: 12 };

function parse(text: string): unknown {
  return parseJsonObject(Buffer.from(text), LIMITS);
}

/** Names that can be spelt without an escape. */
const names = fc.string().map((text) => text.replace(/["\\]/g, '/'));
const { jsonValue } = fc.letrec((tie) => ({
  jsonValue: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('jsonValue'), { maxLength: 4 }),
    fc.dictionary(names, tie('jsonValue'), { maxKeys: 4 }),
  ),
}));

/** A JSON text with its letters and slashes spelt as some writers do. */
function escaped(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (written) =>
    written.replace(/\\.|[/aeiou]/g, (found) => {
      if (found.length > 1) return found;
      return found === '/' ? '\\/' : `\\u00${found.charCodeAt(0).toString(16)}`;
    }),
  );
}

describe('parseJsonObject', () => {
  it.each([
    ['an empty object', '{}'],
    ['blanks around and inside', ' \t\r\n{ "a" : [ 1 , 2 ] } '],
    ['brackets, quotes and commas inside texts', '{"a":"{[,\\"]}","b,":"\\\\"}'],
    ['a text that ends in an escaped backslash', '{"a":"\\\\","b":{"a":1}}'],
    ['one name on several levels', '{"a":{"a":{"a":1}}}'],
    ['one name in siblings', '{"a":[{"b":1},{"b":2}],"b":{"b":3}}'],
    ['equal texts that are not names', '{"a":"b","c":"b","d":["b","b"]}'],
    ['a name after an empty object', '{"a":{},"b":[]}'],
    ['names that differ in case', '{"a":1,"A":2}'],
    ['the deepest nesting allowed', '{"a":{"b":[{"c":1}]}}'],
    ['as many members as allowed', '{"a":1,"b":{"c":1,"d":2},"e":3,"f":4}'],
    [
      'a name spelt with escapes',
      '{"htt\\u0070s:\\/\\/a.example\\/\\u00e9" : "\\/\\n","b":"\\"b\\":1"}',
    ],
    ['names of the prototype', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
  ])('%s → what JSON.parse says [JOSE-7515-5.2-01]', (_name, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['side by side', '{"a":1,"a":2}'],
    ['with others between', '{"a":1,"b":2,"c":3,"a":4}'],
    ['spelt with an escape', '{"a":1,"\\u0061":2}'],
    ['spelt with an escape first', '{"\\u0061":1,"a":2}'],
    ['spelt with a short escape', '{"\\n":1,"\\u000a":2}'],
    ['empty', '{"":1,"":2}'],
    ['nested in an object', '{"a":{"b":1,"b":2}}'],
    ['nested in an array', '{"a":[1,{"b":1,"b":2}]}'],
    ['after a nested object', '{"a":{"x":1},"a":2}'],
    ['after an array', '{"a":[1,2],"a":2}'],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
    ['with equal values', '{"a":1,"a":1}'],
  ])('a name that occurs twice, %s → refused [JOSE-7515-4-01]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    ['a backslash', '{"a\\\\b":1}'],
    ['a quotation mark', '{"a":{"\\"":1}}'],
    ['a control character', '{"a\\u0000":1}'],
    ['half a surrogate pair', '{"a\\ud800":1}'],
  ])('a name with %s in it → refused [JOSE-7515-4-01]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    [
      'a second name',
      '{"htm":"GET","e\\\\u":1}',
      '{"htm":"GET","e\\u0078p":2}',
      { htm: 'GET', exp: 2 },
    ],
    ['a name twice', '{"iss":"a","e\\\\u":1}', '{"iss":"a","e\\u0078p":2,"exp":3}', undefined],
    ['a first name', '{"a\\\\u":1}', '{"a\\u0062c":1}', { abc: 1 }],
  ])(
    '%s is spelt with an escape, after a text that has taught V8 another name → read as it is [JOSE-7515-4-01]',
    (_name, before, text, expected) => {
      for (let i = 0; i < 3; i++) {
        JSON.parse(before);
        expect(parse(text)).toEqual(expected);
      }
    },
  );

  it.each([
    ['an array', '[]'],
    ['an array of objects', '[{}]'],
    ['a text', '"x"'],
    ['a number', '1'],
    ['null', 'null'],
    ['nothing', ''],
    ['text after the object', '{}x'],
    ['a second object', '{}{}'],
    ['a NUL after the object', '{}\0'],
    ['a comma too many', '{"a":1,}'],
    ['a comment', '{}//'],
    ['a name without quotes', '{a:1}'],
    ['a byte order mark', '\ufeff{}'],
  ])('%s → refused [JOSE-7515-5.2-01]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    ['an octet that UTF-8 never has', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong form', [0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d]],
    ['half a surrogate pair as octets', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['UTF-16', [...Buffer.from('{"a":1}', 'utf16le')]],
  ])('%s → refused [JOSE-7515-5.2-01]', (_name, octets) => {
    expect(parseJsonObject(Uint8Array.from(octets), LIMITS)).toBeUndefined();
  });

  it.each([
    ['objects', '{"a":{"b":{"c":{"d":{}}}}}'],
    ['arrays', '{"a":[[[[]]]]}'],
    ['objects and arrays', '{"a":[{"b":[{}]}]}'],
  ])('%s one level too deep → refused [JOSE-LIMIT-P1]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('a level that is left again → does not count twice [JOSE-LIMIT-P1]', () => {
    expect(parse('{"a":[[[]],[[]],[[]]]}')).toEqual({ a: [[[]], [[]], [[]]] });
  });

  it.each([
    ['in one object', '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7}'],
    ['in all objects together', '{"a":[{"b":1},{"b":1},{"b":1},{"b":1},{"b":1},{"b":1}]}'],
  ])('one member too many %s → refused [JOSE-LIMIT-P1]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    ['in one array', '{"a":[1,2,3,4,5,6,7,8,9,10,11,12]}'],
    ['in empty arrays', '{"a":[[],[],[],[],[],[]]}'],
  ])('one value too many %s → refused [JOSE-LIMIT-P1]', (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('as many values as allowed, and any number of commas and brackets in a text → parsed', () => {
    expect(parse('{"a":[1,2,3,4,5,6,7,8,9,10,11]}')).toEqual({
      a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    });
    expect(parse(`{"a":"${',[{:'.repeat(50)}"}`)).toEqual({ a: ',[{:'.repeat(50) });
  });

  it.each([
    ['far too deep', '{"a":'.repeat(2000)],
    ['far too wide', `{"a":[${'1,'.repeat(2000)}`],
  ])('%s → refused before it is parsed [JOSE-LIMIT-P1]', (_name, text) => {
    const parseJson = vi.spyOn(JSON, 'parse');
    onTestFinished(() => parseJson.mockRestore());
    expect(parse(text)).toBeUndefined();
    expect(parseJson).not.toHaveBeenCalled();
  });

  it('a member __proto__ → an ordinary member; no prototype is touched', () => {
    const value = parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('any object JSON.stringify writes → parsed to the same value', () => {
    const wide = { depth: 100, members: 10_000, values: 100_000 };
    fc.assert(
      fc.property(fc.dictionary(names, jsonValue), (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(parseJsonObject(Buffer.from(text), wide)).toEqual(JSON.parse(text));
        expect(parseJsonObject(Buffer.from(escaped(text)), wide)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('any object with one of its members written a second time → refused [JOSE-7515-4-01]', () => {
    const wide = { depth: 100, members: 10_000, values: 100_000 };
    const objects = fc.dictionary(names, jsonValue, { minKeys: 1 });
    fc.assert(
      fc.property(objects, fc.nat(), jsonValue, (value, pick, again) => {
        const names = Object.keys(value);
        const name = names[pick % names.length];
        const rest = JSON.stringify(value).slice(1);
        const text = `{${JSON.stringify(name)}:${JSON.stringify(again)},${rest}`;
        expect(parseJsonObject(Buffer.from(text), wide)).toBeUndefined();
        expect(parseJsonObject(Buffer.from(escaped(text)), wide)).toBeUndefined();
      }),
    );
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [Object.create(null), true],
    [[], false],
    [null, false],
    [undefined, false],
    ['x', false],
    [1, false],
  ])('%j → %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('bytesOfJson', () => {
  const list = (count: number, item: (i: number) => string): string =>
    `{"a":[${Array.from({ length: count }, (_, i) => item(i)).join()}]}`;
  // What the frozen value takes in the V8 of Node 24, as the difference of two heaps.
  it.each<[string, string, number]>([
    ['empty objects', list(200, () => '{}'), 12_967],
    ['empty arrays', list(200, () => '[]'), 8093],
    ['arrays of one number', list(200, () => '[1]'), 12_892],
    ['objects of different shapes', list(100, (i) => `{"x${i}":1}`), 19_963],
    ['many names', `{${Array.from({ length: 200 }, (_, i) => `"x${i}":1`).join()}}`, 17_270],
    ['numbers with a fraction', list(1000, () => '1.5'), 24_129],
    ['short texts', list(1000, (i) => `"${i}"`), 32_107],
    ['a long text', `{"a":"${'x'.repeat(5000)}"}`, 5049],
    ['a long text beyond Latin-1', `{"a":"${'ж'.repeat(2500)}"}`, 5059],
  ])('%s → no less than they take, and no more than five times that', (_name, json, measured) => {
    const estimate = bytesOfJson(JSON.parse(json));
    expect(estimate).toBeGreaterThanOrEqual(measured);
    expect(estimate).toBeLessThan(5 * measured);
  });
});

describe('freezeJson', () => {
  it('an object with others inside → none of them can be changed', () => {
    const value = freezeJson({ a: { b: [{ c: 1 }] }, d: null });
    expect([value, value.a, value.a.b, value.a.b[0]].every(Object.isFrozen)).toBe(true);
  });

  it.each([
    [
      'more values than a function takes arguments',
      { a: Array.from({ length: 500_000 }, () => 1) },
    ],
    ['deeper than the stack', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ])('%s → frozen and estimated all the same', (_name, value) => {
    expect(Object.isFrozen(freezeJson(value))).toBe(true);
    expect(bytesOfJson(value)).toBeGreaterThan(1_000_000 / 2);
  });
});
