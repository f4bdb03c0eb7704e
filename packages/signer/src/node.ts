/**
 * What needs Node and is not in the main entry, which runs everywhere: a store in an encrypted file.
 *
 * @example
 * ```ts
 * import { openSigner } from '@keybound/signer';
 * import { createFileStore } from '@keybound/signer/node';
 *
 * const store = createFileStore({ path: `${process.env.HOME}/.notes-cli`, passphrase });
 * const signer = await openSigner({ store });
 * ```
 *
 * @packageDocumentation
 */
export { createFileStore, type FileStoreOptions } from './node/file-store.ts';
