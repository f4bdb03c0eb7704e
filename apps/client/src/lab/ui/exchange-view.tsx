import { AUTH_REASONS, type AuthReason } from '@keybound/core';
import type { JSX } from 'preact';
import type { Exchange } from '../../comparison/wire.ts';
import { checksFor, tickChecks } from '../../inspector/checks.ts';
import { TEXTS } from '../texts.ts';
import { CheckList } from './check-list.tsx';
import { DecodedPair } from './decoded-pair.tsx';

const { exchange: texts } = TEXTS;

/** One request and its answer: raw, decoded, and check by check where it went to the API. */
export function ExchangeView(props: {
  readonly exchange: Exchange;
  readonly demandsNonce: boolean;
}): JSX.Element {
  const { by, request, response } = props.exchange;
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const isCall = scheme === 'DPoP' || scheme === 'Bearer';
  return (
    <article class="exchange-one">
      <h3>
        {by === 'client' ? texts.byClient : texts.byThief}: {request.method}{' '}
        {new URL(request.url).pathname}
        {response && ` → ${response.status}`}
      </h3>
      {isCall && response && (
        <CheckList
          checks={tickChecks(
            checksFor(scheme, { nonces: props.demandsNonce }),
            isAuthReason(response.reason) ? response.reason : undefined,
          )}
          reason={response.reason}
          sentence={response.sentence}
        />
      )}
      {!isCall && response?.reason !== undefined && (
        <p class="bad">
          {texts.reason}: <code>{response.reason}</code> {response.sentence}
        </p>
      )}
      <div class="side-by-side">
        <Raw
          title={texts.request}
          text={[
            `${request.method} ${request.url}`,
            fields(request.headers),
            '',
            request.body ?? '',
          ].join('\n')}
        />
        {response ? (
          <Raw
            title={texts.response}
            text={[String(response.status), fields(response.headers), '', response.body].join('\n')}
          />
        ) : (
          <p>{texts.held}</p>
        )}
      </div>
      <DecodedPair token={isCall ? token : undefined} proof={request.headers.dpop} />
    </article>
  );
}

function Raw({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <div class="raw">
      <h4>{title}</h4>
      <pre tabIndex={0} role="group" aria-label={title}>
        {text.trimEnd()}
      </pre>
    </div>
  );
}

function fields(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function isAuthReason(reason: string | undefined): reason is AuthReason {
  return reason !== undefined && reason in AUTH_REASONS;
}
