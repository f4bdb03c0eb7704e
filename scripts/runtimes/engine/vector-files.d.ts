/** All vector files, which the program has inside it. */
declare module 'keybound:vectors' {
  const files: readonly import('../../../packages/dpop-vectors/src/format.ts').VectorFile[];
  export default files;
}
