import type { Answer, Question } from '@keybound/dpop-vectors';

export function createAuthServerSessions(_options: { readonly listen?: boolean } = {}): {
  answer(question: Question): Promise<Answer>;
  end(session: string): Promise<void>;
  close(): Promise<void>;
} {
  return {
    answer: async () => ({ skip: 'no authorization server yet' }),
    end: async () => {},
    close: async () => {},
  };
}
