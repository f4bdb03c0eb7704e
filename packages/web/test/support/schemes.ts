import * as bearer from '@keybound/bearer';
import * as core from '@keybound/core';
import * as dpop from '@keybound/dpop';
import { createTestSchemes, type TestSchemes } from '@keybound/test-kit';

/** The authenticators of the tests, all on one clock. */
export function createSchemes(
  target: Partial<dpop.TargetUriOptions> = {},
): TestSchemes<core.Authenticator> {
  return createTestSchemes<core.Authenticator>({ ...bearer, ...core, ...dpop }, target);
}
