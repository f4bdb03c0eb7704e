/**
 * The requirements that block a release and bind a resource server, or both servers that check a
 * proof. The number after the dash is the section of the document; a P marks a policy of this
 * project that follows from that section.
 */
export const STARRED_REQUIREMENTS: readonly string[] = [
  // RFC 6750
  'BEARER-2-02',
  'BEARER-2.3-02',
  'BEARER-3-04',
  'BEARER-3.1-01',
  'BEARER-3.1-03',
  // RFC 9449
  'DPOP-4.1-P1',
  'DPOP-4.3-01',
  'DPOP-4.3-02',
  'DPOP-4.3-03',
  'DPOP-4.3-04',
  'DPOP-4.3-05',
  'DPOP-4.3-06',
  'DPOP-4.3-07',
  'DPOP-4.3-08',
  'DPOP-4.3-09',
  'DPOP-4.3-10',
  'DPOP-4.3-11',
  'DPOP-4.3-12',
  'DPOP-4.3-13',
  'DPOP-4.3-14',
  'DPOP-6-01',
  'DPOP-7.1-02',
  'DPOP-7.1-06',
  'DPOP-7.1-10',
  'DPOP-7.1-12',
  'DPOP-7.2-01',
  'DPOP-7.2-P1',
  'DPOP-8-02',
  'DPOP-9-01',
  'DPOP-11.1-01',
  'DPOP-11.1-P1',
  'DPOP-11.1-P2',
  'DPOP-11.3-01',
  'DPOP-11.6-01',
  // RFC 3986 and RFC 9110 as htu uses them
  'URI-08',
  'URI-09',
  // RFC 7518 and key quality
  'JOSE-7518-6.2-01',
  'JOSE-KEY-P1',
  'JOSE-LIMIT-P1',
  // RFC 9068, RFC 7662, SEP-1932
  'ATJWT-4-01',
  'ATJWT-4-03',
  'INTRO-2.2-03',
  'SEP1932-RS-01',
];
