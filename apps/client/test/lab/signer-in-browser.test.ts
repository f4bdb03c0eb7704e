import { describe, expect, it } from 'vitest';
import { CHROMIUM, cellsOf, PATIENCE_MS, runStory, signIn } from './support/actions.ts';
import { useLab } from './support/browser.ts';

/** Init scripts that take from a browser what some browsers do not give. */
const CRIPPLED: readonly (readonly [string, string])[] = [
  [
    'IndexedDB is forbidden',
    `Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })`,
  ],
  [
    'all data of the site is forbidden',
    `for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) {
       Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
     }
     LockManager.prototype.request = () => Promise.reject(new DOMException('no', 'SecurityError'));`,
  ],
  [
    'IndexedDB refuses to open',
    `IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError'); }`,
  ],
  [
    'the storage is full',
    `for (const name of ['add', 'put']) IDBObjectStore.prototype[name] = () => { throw new DOMException('no', 'QuotaExceededError'); };
     Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); }`,
  ],
  [
    'keys cannot be cloned',
    `for (const name of ['add', 'put']) {
       const own = IDBObjectStore.prototype[name];
       IDBObjectStore.prototype[name] = function (value, key) {
         if (value?.privateKey) throw new DOMException('no', 'DataCloneError');
         return own.call(this, value, key);
       };
     }`,
  ],
];

describe.runIf(CHROMIUM)('the signer in Chromium', { timeout: 3 * PATIENCE_MS }, () => {
  const lab = useLab();

  it('the key is the same after a reload, and no script can export it [DPOP-11.4-01]', async () => {
    const { page } = await lab.openSignedIn();
    const thumbprint = page.locator('#thumbprint');
    await expect.poll(() => thumbprint.textContent()).toMatch(/^[\w-]{43}$/);
    const before = await thumbprint.textContent();
    await page.reload();
    await expect.poll(() => thumbprint.textContent()).toBe(before);
    const stolen = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('keybound-lab');
        opening.onsuccess = () => resolve(opening.result);
      });
      const keys = await new Promise<CryptoKeyPair>((resolve) => {
        const reading = database.transaction('values').objectStore('values').get('visitor:ES256');
        reading.onsuccess = () => resolve(reading.result);
      });
      const attempts = ['jwk', 'pkcs8', 'raw'].map((format) =>
        crypto.subtle.exportKey(format as 'jwk', keys.privateKey).then(
          () => 'exported',
          (error: Error) => error.name,
        ),
      );
      return { attempts: await Promise.all(attempts), extractable: keys.privateKey.extractable };
    });
    expect(stolen).toEqual({
      attempts: ['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError'],
      extractable: false,
    });
    // And nothing of it lies where every script of the past looked.
    const texts = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(texts).not.toMatch(/eyJ|token/);
  });

  it('two tabs renew the same tokens at once, again and again → neither is signed out', async () => {
    const { page: one, context } = await lab.openSignedIn();
    const { page: two } = await lab.openLab(context);
    await two.locator('#thumbprint').waitFor();
    for (const story of ['honest', 'in-place', 'replay']) {
      await Promise.all([runStory(one, story), runStory(two, story)]);
    }
    for (const page of [one, two]) {
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(Object.values(await cellsOf(page, 'honest'))).toEqual(Array(5).fill('201 ok'));
      expect(Object.values(await cellsOf(page, 'in-place'))).toEqual(
        Array(5).fill('200 not stopped'),
      );
      await page.reload();
      await page.locator('#thumbprint').waitFor();
    }
  });

  it('a nonce that one tab has learnt spares the other a refused request at the authorization server', async () => {
    const { page, context } = await lab.openSignedIn();
    await runStory(page, 'honest');
    const kept = await page.evaluate(() => ({ ...localStorage }));
    expect(Object.keys(kept)).toEqual([`dpop-nonce ${lab.servers.authServer.origin}`]);
    const { page: other } = await lab.openLab(context);
    expect(await other.evaluate(() => ({ ...localStorage }))).toEqual(kept);
  });

  it('the servers change their nonces in the middle of a session → each story still ends as it must [DPOP-8.2-01]', async () => {
    const { page, complaints } = await lab.openSignedIn();
    await runStory(page, 'honest');
    lab.servers.rotateNonces();
    await runStory(page, 'honest');
    await runStory(page, 'pre-generated');
    expect(Object.values(await cellsOf(page, 'honest'))).toEqual(Array(5).fill('201 ok'));
    expect((await cellsOf(page, 'pre-generated'))['DPoP + nonce']).toBe('401 nonce_missing');
    expect(complaints).toEqual([]);
  });

  it.each([
    ['behind', -3600],
    ['ahead', 3600],
  ])(
    'the clock of the browser is an hour %s → one refused request, then it works',
    async (_name, seconds) => {
      const context = await lab.newContext();
      await context.addInitScript(
        `{ const real = Date.now; Date.now = () => real() + ${seconds * 1000}; }`,
      );
      const { page } = await lab.openLab(context);
      await signIn(page);
      await runStory(page, 'in-place');
      const before = lab.servers.resourceServer.log.length;
      await runStory(page, 'honest');
      expect(Object.values(await cellsOf(page, 'honest'))).toEqual(Array(5).fill('201 ok'));
      // What was learnt about the clock is not learnt again.
      const calls = lab.servers.resourceServer.log.slice(before);
      expect(calls.filter((line) => line.startsWith('GET /dpop/notes'))).toEqual([
        'GET /dpop/notes 200',
      ]);
      const first = lab.servers.resourceServer.log.filter((line) =>
        line.includes('GET /dpop/notes'),
      );
      expect(first).toContain('GET /dpop/notes 401');
    },
  );

  it.each(CRIPPLED)(
    '%s → a notice, and everything works until the page ends',
    async (_name, script) => {
      const context = await lab.newContext();
      await context.addInitScript(script);
      const { page, complaints } = await lab.openLab(context);
      await signIn(page);
      const notice = page.locator('#memory-only');
      expect(await notice.textContent()).toContain('Everything works, but ends with this page');
      await runStory(page, 'storage');
      const stolen = '200 STOLEN';
      expect(Object.values(await cellsOf(page, 'storage'))).toEqual([
        ...Array(3).fill(stolen),
        '401 key_mismatch',
        '401 key_mismatch',
      ]);
      expect(complaints).toEqual([]);
    },
  );
});
