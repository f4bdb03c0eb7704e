/** Somebody with an account at the authorization server, and a browser. */
export interface Person {
  /**
   * Opens the address a client sends its user to, signs in where asked, and consents.
   *
   * @returns where the browser is sent in the end: the client's redirect URI with the answer
   */
  approve(url: string): Promise<URL>;
}
