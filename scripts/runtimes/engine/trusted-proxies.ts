/**
 * In place of the Fastify package's function of this name, which is Node's `BlockList`: the vectors name
 * single addresses.
 */
export function createTrustedProxies(
  addresses: readonly string[],
): (address: string | undefined) => boolean {
  const range = addresses.find((address) => address.includes('/'));
  if (range !== undefined) throw new Error(`${range}: only single addresses are known here`);
  return (address) => address !== undefined && addresses.includes(address);
}
