import type { JsonObject, Jwk } from './configurations.ts';
import type { FieldLine } from './messages.ts';

/** What a client is asked for, and what servers answer. */
export interface SignerScenario {
  /** The key pair to sign with, private members included, and whatever else a careless store keeps. */
  readonly key: Jwk;
  /** The access token to present; null where the client first has to get one, or sends to a token endpoint. */
  readonly accessToken: string | null;
  /** What the program asks for, one call after the other. */
  readonly calls: readonly SignerCall[];
}

/** One thing that a program asks its client for. */
export type SignerCall =
  /** A request to a protected resource. */
  | {
      readonly kind: 'fetch';
      readonly method: string;
      readonly url: string;
      readonly fields?: readonly FieldLine[];
      readonly body?: string;
      /** The body is a stream that can be read once. */
      readonly bodyIsStream?: boolean;
      readonly responses: readonly ScriptedResponse[];
    }
  /** A token request by client credentials at an authorization server. */
  | {
      readonly kind: 'token-request';
      readonly issuer: string;
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly responses: readonly ScriptedResponse[];
    }
  /** The redirect that ends an authorization request (RFC 9207). */
  | {
      readonly kind: 'authorization-response';
      readonly url: string;
      readonly issuer: string;
      /** `authorization_response_iss_parameter_supported` of the metadata. */
      readonly issParameterSupported: boolean;
    }
  /** The `WWW-Authenticate` fields of an answer, to be parsed. */
  | { readonly kind: 'parse-challenges'; readonly values: readonly string[] };

/** What the network answers, one after the other; after the last one every further request fails the case. */
export interface ScriptedResponse {
  /** The status code of the answer. */
  readonly status: number;
  /** The field lines of the answer, in their order. */
  readonly fields: readonly FieldLine[];
  /** The content of the answer; left out, there is none. */
  readonly body?: string;
}

/**
 * What must hold of the emitted requests and of what the program got. A path names a value of a request:
 * `method`, `url`, `body`, `fields.<name in lower case>`, `proof.header.<member>…`, `proof.payload.<member>…`.
 */
export type SignerAssertion =
  /** So many requests went out in the whole scenario: exactly, or at the most. */
  | { readonly kind: 'request-count'; readonly count: number }
  | { readonly kind: 'request-count'; readonly atMost: number }
  | {
      readonly kind: 'equals';
      readonly request: number;
      readonly path: string;
      readonly value: unknown;
    }
  | { readonly kind: 'absent'; readonly request: number; readonly path: string }
  | {
      readonly kind: 'matches';
      readonly request: number;
      readonly path: string;
      readonly pattern: string;
    }
  /** The object at the path has exactly these members. */
  | {
      readonly kind: 'members';
      readonly request: number;
      readonly path: string;
      readonly names: readonly string[];
    }
  /** The values of all requests differ. */
  | { readonly kind: 'distinct'; readonly path: string }
  /** The proof of the request is one that a server must take: one field, good signature by the embedded key. */
  | { readonly kind: 'good-proof'; readonly request: number }
  /** `htm` equals the method that went out, or the call has failed and nothing went out. */
  | { readonly kind: 'htm-as-sent-or-error'; readonly call: number }
  | {
      readonly kind: 'outcome';
      readonly call: number;
      readonly is: 'response' | 'error';
      readonly status?: number;
    }
  /** The text is not in what the program got to see of the error. */
  | { readonly kind: 'error-hides'; readonly call: number; readonly text: string }
  /** Of `parse-challenges`: exactly these, in this order; scheme names compare without case. */
  | {
      readonly kind: 'challenges';
      readonly call: number;
      readonly are: readonly { readonly scheme: string; readonly parameters: JsonObject }[];
    };
