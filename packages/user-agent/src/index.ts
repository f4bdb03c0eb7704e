export { type Form, parseForms } from './forms.ts';
export { createUserAgent, type Page, type UserAgent } from './user-agent.ts';
