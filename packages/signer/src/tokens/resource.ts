/** @throws TypeError when it is not an absolute URI without fragment (RFC 8707 §2) */
export function requireResource(resource: string): void {
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw new TypeError('resource: must be an absolute URI without fragment (RFC 8707 §2)');
  }
}
