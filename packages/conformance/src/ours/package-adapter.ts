import type { Adapter, Answer, Question } from '@keybound/dpop-vectors';
import { decisionOfCall } from './answers.ts';
import { answerAsClient } from './client.ts';
import {
  createProtectedResource,
  createTokens,
  type ProtectedResource,
} from './protected-resource.ts';
import { answerThumbprint } from './thumbprint.ts';

/** Our packages, called as functions, on any runtime: resource server and client. */
export function createPackageAdapter(): Adapter {
  const resources = new Map<string, ProtectedResource>();

  function resourceOf(question: Extract<Question, { kind: 'rs-request' }>): ProtectedResource {
    let resource = resources.get(question.session);
    if (resource === undefined) {
      resource = createProtectedResource(question.config);
      resources.set(question.session, resource);
    }
    resource.moment.now = question.clock;
    resource.moment.nonce = question.config.nonce;
    return resource;
  }

  return {
    name: 'keybound',
    async answer(question): Promise<Answer> {
      switch (question.kind) {
        case 'rs-request':
          return resourceOf(question).decide(question.request);
        case 'token': {
          const tokens = createTokens(question.config, { now: question.clock });
          return decisionOfCall(() => tokens.verify(question.token));
        }
        case 'thumbprint':
          return answerThumbprint(question.input);
        case 'signer':
          return answerAsClient(question);
        case 'as-setup':
        case 'as-request':
          return { skip: 'the packages alone are no authorization server' };
        case 'raw-request':
          return { skip: 'functions read no bytes from a socket' };
      }
    },
    end(session) {
      resources.delete(session);
    },
  };
}
