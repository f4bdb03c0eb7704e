/** A fault that is told to the person at the browser; the sentence is constant. */
export class PageError extends Error {
  override readonly name: string = 'PageError';
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}
