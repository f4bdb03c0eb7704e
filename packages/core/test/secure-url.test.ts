import { describe, expect, it } from 'vitest';
import { isSecureUrl, secureUrl } from '../src/index.ts';
import { outcome } from './support.ts';

describe('secureUrl', () => {
  it.each([
    'https://as.example',
    'https://as.example:8443/t1?x=1',
    'HTTPS://AS.EXAMPLE/',
    'http://localhost:4000',
    'http://127.0.0.1:1',
    'http://127.255.0.9/',
    'http://[::1]:4000/',
  ])('%s → a URL [BEARER-5.2-01]', (text) => {
    expect(secureUrl('issuer', text).href).toBe(new URL(text).href);
  });

  it.each([
    'http://as.example',
    'http://as.example:443/',
    'http://localhost.evil.example/',
    'http://notlocalhost/',
    'http://localhost./',
    'http://127.0.0.1.evil.example/',
    'http://128.0.0.1/',
    'http://0.0.0.0/',
    'http://[::2]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/',
    'ftp://localhost/',
    'ws://localhost/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:1',
  ])('%s → TypeError [BEARER-5.2-01] [DPOP-2-01]', async (text) => {
    expect(await outcome(() => secureUrl('issuer', text))).toEqual({
      typeError: `issuer: ${text} must be https (http is for loopback only)`,
    });
  });

  it.each([
    'https://u@as.example',
    'https://:p@as.example',
    'https://as.example#',
    'https://a.b/#x',
  ])('%s → TypeError [META-2-01]', async (text) => {
    expect(await outcome(() => secureUrl('publicOrigin', text))).toEqual({
      typeError: 'publicOrigin: a URL with userinfo or a fragment is not allowed here',
    });
  });

  it.each([
    '',
    'as.example',
    '/path',
    '//as.example',
    'https://',
    undefined,
    null,
    1,
    ['https://as.example'],
  ])('%j → TypeError', async (value) => {
    expect(await outcome(() => secureUrl('issuer', value as string))).toEqual({
      typeError: `issuer: ${JSON.stringify(value)} is not an absolute URL`,
    });
  });
});

it('a name that is not ASCII, asked often enough to be compiled → a URL each time', () => {
  for (let i = 0; i < 20_000; i++) {
    expect(secureUrl('issuer', 'https://bücher.example').host).toBe('xn--bcher-kva.example');
  }
});

describe('isSecureUrl', () => {
  it.each([
    ['https://as.example/', true],
    ['http://localhost/', true],
    ['http://as.example/', false],
  ])('%s → %s', (text, expected) => {
    expect(isSecureUrl(new URL(text))).toBe(expected);
  });
});
