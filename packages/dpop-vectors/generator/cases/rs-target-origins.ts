import { acceptedClaims, refusedClaims, tolerableClaims } from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';

const authority = group(
  'RsVerify',
  'authority',
  'Hosts and ports that some parsers read as ours.',
  rsConfig(),
  [
    acceptedClaims(['ordinary', 'Our host without a port.', 'DPOP-4.3-09', {}]),
    ...(
      [
        [
          'port-fullwidth',
          'its port in fullwidth digits',
          'https://rs.example:\uff14\uff14\uff13/r',
        ],
        ['port-underscore', 'an underscore in its port', 'https://rs.example:4_43/r'],
        ['port-plus', 'a plus before its port', 'https://rs.example:+443/r'],
        ['port-hexadecimal', 'its port in hexadecimal', 'https://rs.example:0x1bb/r'],
        ['port-exponent', 'its port with an exponent', 'https://rs.example:443e0/r'],
        ['port-fraction', 'its port with a fraction', 'https://rs.example:443.0/r'],
        ['port-blank', 'a blank before its port', 'https://rs.example: 443/r'],
        ['port-encoded', 'its port percent-encoded', 'https://rs.example:%34%34%33/r'],
        [
          'port-colon-encoded',
          'the colon of its port percent-encoded',
          'https://rs.example%3A443/r',
        ],
        [
          'port-beyond-32-bits',
          'a port that is ours modulo 2^32',
          'https://rs.example:4294967739/r',
        ],
        [
          'fragment-before-at',
          'our host behind a number sign and an @',
          'https://evil.example#@rs.example/r',
        ],
        [
          'query-before-at',
          'our host behind a question mark and an @',
          'https://evil.example?@rs.example/r',
        ],
        [
          'backslash-before-at',
          'our host behind a backslash and an @',
          'https://evil.example\\@rs.example/r',
        ],
        ['slash-encoded', 'an encoded slash behind the host', 'https://rs.example%2Fr'],
        ['all-encoded', 'all of it percent-encoded', 'https%3A%2F%2Frs.example%2Fr'],
        [
          'host-nul',
          'a NUL behind our host, and a domain',
          'https://rs.example\u0000.evil.example/r',
        ],
        ['host-leading-dot', 'a dot before our host', 'https://.rs.example/r'],
        ['host-wildcard', 'a star for a part of our host', 'https://*.example/r'],
        ['line-feed-behind', 'a line feed at its end', `${ORIGIN}/r\n`],
        ['line-before', 'a line before it', `https://evil.example/s\n${ORIGIN}/r`],
        ['byte-order-mark', 'a byte order mark before it', `\ufeff${ORIGIN}/r`],
        ['two-uris', 'a second URI behind a comma', `${ORIGIN}/r,${ORIGIN}/s`],
      ] as const
    ).map(([id, what, htu]) =>
      refusedClaims([id, `htu has ${what}.`, 'URI-11 DPOP-4.3-09', { htu }]),
    ),
  ],
);

const PORT = 'https://rs.example:8443';

const port = group(
  'RsVerify',
  'port',
  'A server on a port of its own.',
  rsConfig({ origin: PORT }),
  [
    acceptedClaims(['port-same', 'The port of the server.', 'DPOP-4.3-09', { htu: `${PORT}/r` }]),
    tolerableClaims([
      'Hosts are compared without case (RFC 3986 §6.2.2.1).',
      'port-and-capitals',
      'The port of the server behind its host in capitals.',
      'URI-01 DPOP-4.3-14',
      { htu: 'https://RS.EXAMPLE:8443/r' },
    ]),
    ...(
      [
        [
          'port-empty',
          'A colon without a port, which is the default one.',
          'https://rs.example:/r',
        ],
        ['port-longer', 'A port that begins like ours.', 'https://rs.example:84433/r'],
        ['port-shorter', 'The beginning of our port.', 'https://rs.example:844/r'],
        ['port-in-path', 'The port behind a slash.', 'https://rs.example/:8443/r'],
      ] as const
    ).map(([id, comment, htu]) => refusedClaims([id, comment, 'URI-05 DPOP-4.3-09', { htu }])),
  ],
);

const ADDRESS = 'https://[::1]:8443';

const addresses = group(
  'RsVerify',
  'address-and-port',
  'A server at an IPv6 address, on a port of its own.',
  rsConfig({ origin: ADDRESS }),
  [
    acceptedClaims(['address-same', 'Address and port.', 'DPOP-4.3-09', { htu: `${ADDRESS}/r` }]),
    ...(
      [
        ['address-alone', 'The address without the port.', 'https://[::1]/r'],
        ['address-without-colon', 'The port right behind the bracket.', 'https://[::1]8443/r'],
        ['address-without-brackets', 'Colons without brackets.', 'https://::1:8443/r'],
        ['address-not-closed', 'A bracket that is not closed.', 'https://[::1:8443/r'],
        ['address-in-name', 'The address as a name.', 'https://localhost:8443/r'],
        [
          'address-of-four',
          'The address of IPv4 for the same machine.',
          'https://127.0.0.1:8443/r',
        ],
      ] as const
    ).map(([id, comment, htu]) => refusedClaims([id, comment, 'URI-11 DPOP-4.3-09', { htu }])),
  ],
);

const four = group(
  'RsVerify',
  'ipv4-spellings',
  'A server at an IPv4 address, and spellings that only some resolve to it.',
  rsConfig({ origin: 'https://192.0.2.1' }),
  [
    acceptedClaims(['ipv4-same', 'The address.', 'DPOP-4.3-09', { htu: 'https://192.0.2.1/r' }]),
    ...(
      [
        ['ipv4-zeros', 'The address with zeros before a part.', 'https://192.0.2.001/r'],
        ['ipv4-dot', 'The address with a dot behind it.', 'https://192.0.2.1./r'],
        ['ipv4-mapped', 'The address as one of IPv6.', 'https://[::ffff:192.0.2.1]/r'],
        [
          'ipv4-fullwidth',
          'The address in fullwidth digits.',
          'https://\uff11\uff19\uff12.0.2.1/r',
        ],
        ['ipv4-overflow', 'A part that is ours modulo 256.', 'https://192.0.2.257/r'],
      ] as const
    ).map(([id, comment, htu]) => refusedClaims([id, comment, 'URI-11 DPOP-4.3-09', { htu }])),
  ],
);

const LOOPBACK = 'http://127.0.0.1:8080';

const loopback = group(
  'RsVerify',
  'loopback',
  'A server of a developer: plain HTTP on the same machine.',
  rsConfig({ origin: LOOPBACK }),
  [
    acceptedClaims([
      'loopback-same',
      'The origin as it is configured.',
      'DPOP-4.3-09',
      { htu: `${LOOPBACK}/r` },
    ]),
    ...(
      [
        ['loopback-name', 'The name of the same machine.', 'http://localhost:8080/r'],
        ['loopback-https', 'https on the same port.', 'https://127.0.0.1:8080/r'],
        ['loopback-short', 'The address with parts left out.', 'http://127.1:8080/r'],
        ['loopback-other', 'Another address of the same machine.', 'http://127.0.0.2:8080/r'],
        ['loopback-default-port', 'The default port of HTTP.', 'http://127.0.0.1:80/r'],
      ] as const
    ).map(([id, comment, htu]) => refusedClaims([id, comment, 'DPOP-4.3-09 URI-06', { htu }])),
  ],
);

const rsTargetOrigins: FileDraft = {
  file: 'rs-target-origins',
  title: 'Hosts, addresses and ports that only some parsers take for ours',
  groups: [authority, port, addresses, four, loopback],
};

export default rsTargetOrigins;
